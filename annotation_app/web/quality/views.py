"""The admin's quality page: rules, annotators' states, and passing a person by hand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Membership
from annotation_app.policies import can_administer_campaign, can_review, can_see_results
from annotation_app.selectors.quality.annotator_statuses import annotator_overviews, bank_counts
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.selectors.quality.rule_lengths import rule_lengths
from annotation_app.selectors.rubrics.wording import describe_rubric
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality.qualifying import pass_by_hand
from annotation_app.web.loading import load_campaign
from annotation_app.web.quality.forms import QualityPlanForm
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def quality_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The annotators' progress, the bank, and the rules."""
    return _show(request, slug, None)


@require_POST
@login_required
def quality_plan_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the rules."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = QualityPlanForm(request.POST, campaign=campaign, plan=quality_plan(campaign))
    if not form.is_valid():
        return _show(request, slug, form)
    try:
        set_quality_plan(actor=signed_in(request), campaign=campaign, changes=form.changes())
    except InvalidInputError as refused:
        form.add_error(None, refused.message)
        return _show(request, slug, form)
    messages.success(request, _("The rules apply from now on."))
    return redirect("quality", slug=slug)


@require_POST
@login_required
def qualification_override(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """Let an annotator work without the test, for a reason."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    membership = get_object_or_404(Membership, pk=member, campaign=campaign)
    try:
        pass_by_hand(
            actor=signed_in(request),
            annotator=membership.user,
            campaign=campaign,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except InvalidInputError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Passed manually; the reason is on record."))
    return redirect("quality", slug=slug)


def _show(request: HttpRequest, slug: str, form: QualityPlanForm | None) -> HttpResponse:
    campaign = load_campaign(request, slug, can_see_results)
    plan = quality_plan(campaign)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "home",
        "reviews": can_review(signed_in(request), campaign),
        "administers": can_administer_campaign(signed_in(request), campaign),
        "form": form or QualityPlanForm(campaign=campaign, plan=quality_plan(campaign)),
        "plan": plan,
        "rule_lengths": rule_lengths(plan, campaign.rubric.dimensions.count()),
        "dimensions": describe_rubric(
            campaign.rubric_id, campaign.guideline_id or 0, get_language() or "en"
        )
        if campaign.guideline_id
        else [],
        "states": annotator_overviews(campaign, timezone.now()),
        "bank": bank_counts(campaign, plan),
        "lessons": campaign.lessons.count(),
        "open_cases": campaign.review_cases.filter(state="open").count(),
    }
    return render(request, "quality/home.html", context, status=400 if form else 200)
