"""An annotator's own steps: feedback on training, the qualification test, decided items."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from annotation_app.enums import Purpose
from annotation_app.exceptions import AnnotationError
from annotation_app.models import GoldItem, LessonExample, QualificationAttempt, Rating
from annotation_app.policies import can_annotate, can_enter_campaign
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.selectors.quality.gold import feedback_rows, gold_texts
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.selectors.rating.blinding import why_blind_elsewhere
from annotation_app.selectors.reviewing.cases import own_outcomes
from annotation_app.selectors.rubrics.wording import describe_rubric
from annotation_app.services.quality.gating import say_next_step
from annotation_app.services.quality.qualifying import start_attempt
from annotation_app.services.quality.training import close_for_feedback
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def training_feedback(request: HttpRequest, slug: str, client_uuid: UUID) -> HttpResponse:
    """A person's scores of a training example next to the right ones, with the reasons."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    user, now = signed_in(request), timezone.now()
    rating = get_object_or_404(
        Rating.objects.select_related("campaign_item__item", "lease", "current_revision"),
        campaign=campaign,
        annotator=user,
        purpose=Purpose.TRAINING,
        client_uuid=client_uuid,
    )
    gold = get_object_or_404(GoldItem, campaign_item=rating.campaign_item_id)
    close_for_feedback(rating=rating, now=now)
    rubric = describe_rubric(campaign.rubric_id, rating.guideline_id, get_language() or "en")
    reason = why_blind_elsewhere(user, campaign, rating.campaign_item.item_id)
    rows = [] if reason else feedback_rows(rating, gold)
    texts = [] if reason else gold_texts(gold, rating.campaign_item, rubric)
    context = {
        "campaign": campaign,
        "rating": rating,
        "example": LessonExample.objects.filter(gold_item=gold).select_related("lesson").first(),
        "dimensions": rubric,
        "rows": rows,
        "reason": reason,
        "near": sum(near for row in rows for *_cell, near in row.cells),
        "compared": sum(len(row.cells) for row in rows),
        "tolerance": gold.tolerance,
        "texts": [text for text in texts if text.text],
        "calibration": read_calibration(annotator=user, campaign=campaign, now=now),
    }
    return render(request, "quality/feedback.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def qualification(request: HttpRequest, slug: str) -> HttpResponse:
    """The test: what it asks, how the attempts went, and the door to the next one."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    user, now = signed_in(request), timezone.now()
    if request.method == "POST":
        if not can_annotate(user, campaign):
            raise Http404
        try:
            start_attempt(annotator=user, campaign=campaign, now=now)
        except AnnotationError as refused:
            messages.warning(request, refused.message)
            return redirect("qualification", slug=slug)
        return redirect("annotate", slug=slug)
    state = read_calibration(annotator=user, campaign=campaign, now=now)
    guideline = campaign.guideline_id or 0
    dimensions = describe_rubric(campaign.rubric_id, guideline, get_language() or "en")
    attempts = QualificationAttempt.objects.filter(campaign=campaign, annotator=user)
    context = {
        "campaign": campaign,
        "plan": quality_plan(campaign),
        "calibration": state,
        "sentence": say_next_step(state),
        "dimensions": dimensions,
        "attempts": [
            (one, [one.figures.get(dimension["key"]) for dimension in dimensions])
            for one in attempts.order_by("-number")
        ],
        "may_start": can_annotate(user, campaign),
    }
    return render(request, "quality/qualification.html", context)


@require_safe
@login_required
def outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """Decided items that one rated, where the campaign gives feedback."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    if not campaign.gives_feedback:
        raise Http404
    rows = own_outcomes(campaign, signed_in(request))
    guideline = campaign.guideline_id or 0
    context = {
        "campaign": campaign,
        "rows": rows,
        "dimensions": describe_rubric(campaign.rubric_id, guideline, get_language() or "en"),
    }
    return render(request, "quality/outcomes.html", context)
