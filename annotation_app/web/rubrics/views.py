"""The pages where guidelines are written, compared and published."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, GuidelineImage
from annotation_app.policies import can_administer_campaign, can_enter_campaign
from annotation_app.selectors.rubrics.guidelines import guideline_versions
from annotation_app.services.images.refusals import ImageRefusedError
from annotation_app.services.rubrics.guideline_images import LARGEST, add_guideline_image
from annotation_app.services.rubrics.rubrics import publish_guideline
from annotation_app.web.images.responses import image_response
from annotation_app.web.loading import load_campaign
from annotation_app.web.markdown import render_document
from annotation_app.web.requests import signed_in
from annotation_app.web.rubrics.differing import differences
from annotation_app.web.rubrics.forms import GuidelineForm


@require_safe
@login_required
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version, and the example images."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    return render(request, "rubrics/versions.html", _context(campaign))


@require_safe
@login_required
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a version changed against the one before."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    found = {one.number: one for one in guideline_versions(campaign)}
    if number not in found:
        raise Http404
    before = max((one for one in found if one < number), default=None)
    context = _context(campaign) | {
        "version": found[number],
        "before": before,
        "differences": differences(found[before] if before else None, found[number]),
    }
    return render(request, "rubrics/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_version(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a version, look at it, publish it."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = GuidelineForm(request.POST or None, campaign=campaign, version=campaign.guideline)
    previews: list[tuple[str, SafeString]] = []
    if form.is_valid():
        content = form.content()
        if request.POST.get("act") == "publish":
            try:
                publish_guideline(actor=signed_in(request), campaign=campaign, **content)
            except AnnotationError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Published. Annotators see a notice."))
                return redirect("guideline-versions", slug=slug)
        previews = [
            # render_document has cleaned it
            (code, mark_safe(render_document(text)))  # noqa: S308
            for code, text in content["document"].items()
        ]
    context = _context(campaign) | {"form": form, "previews": previews}
    return render(request, "rubrics/new.html", context)


@require_POST
@login_required
def image_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an example image."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    file = request.FILES.get("image")
    data = file.read(LARGEST + 1) if file is not None else b""
    try:
        add_guideline_image(
            actor=signed_in(request),
            campaign=campaign,
            data=data,
            name=request.POST.get("name", ""),
        )
    except (AnnotationError, ImageRefusedError) as error:
        messages.warning(request, str(error))
    return redirect("guideline-versions", slug=slug)


@require_safe
@login_required
def example_image(request: HttpRequest, slug: str, public_id: UUID) -> FileResponse:
    """An example image, for every member."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    images = GuidelineImage.objects.select_related("image")
    return image_response(
        get_object_or_404(images, campaign=campaign, public_id=public_id).image.file
    )


def _context(campaign: Campaign) -> dict[str, object]:
    return {
        "campaign": campaign,
        "tab": "setup",
        "versions": guideline_versions(campaign).select_related("published_by"),
        "images": campaign.guideline_images.select_related("image"),
    }
