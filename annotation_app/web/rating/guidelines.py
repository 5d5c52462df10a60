"""The guideline, next to the work or on its own page, in every version."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from annotation_app.models import Campaign, GuidelineVersion
from annotation_app.policies import can_enter_campaign
from annotation_app.selectors.rubrics.guidelines import guideline_versions
from annotation_app.selectors.rubrics.wording import describe_rubric, in_language
from annotation_app.web.loading import load_campaign
from annotation_app.web.markdown import render_document
from annotation_app.web.requests import asks_for_part


@require_safe
@login_required
def guideline(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The campaign's guideline: a page, or for htmx only the text."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    versions = list(guideline_versions(campaign))
    version = _pick(campaign, versions, number)
    language = get_language()
    document = render_document(in_language(version.document or {"en": ""}, language))
    note = in_language(version.change_note, language) if version.change_note else ""
    context = {
        "campaign": campaign,
        "version": version,
        "versions": versions,
        "change_note": note,
        "dimensions": describe_rubric(campaign.rubric_id, version.pk, language or "en"),
        # render_document has cleaned it
        "document": mark_safe(document),  # noqa: S308
    }
    is_part = asks_for_part(request)
    name = "rating/_guideline.html" if is_part else "rating/guideline.html"
    return render(request, name, context)


def _pick(
    campaign: Campaign, versions: list[GuidelineVersion], number: int | None
) -> GuidelineVersion:
    if number is None and campaign.guideline is not None:
        return campaign.guideline
    for version in versions:
        if version.number == number:
            return version
    raise Http404
