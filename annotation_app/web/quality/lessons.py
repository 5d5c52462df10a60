"""The lessons: pages of reviewers and admins."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, GoldItem, Item, Lesson, LessonExample
from annotation_app.policies import can_review
from annotation_app.selectors.rating.blinding import items_of
from annotation_app.services.numbers import read_whole
from annotation_app.services.quality.lessons import (
    move_example,
    move_lesson,
    remove_lesson,
    save_lesson,
)
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.quality.forms import LessonForm
from annotation_app.web.requests import signed_in

LINE_BREAK = " ↵ "
MOVES = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lessons(request: HttpRequest, slug: str, lesson: int | None = None) -> HttpResponse:
    """The lessons in order, and the form for a new or changed one."""
    campaign = _load(request, slug)
    edited = get_object_or_404(Lesson, pk=lesson, campaign=campaign) if lesson else None
    form = _lesson_form(request, campaign, edited)
    if request.method == "POST" and form.is_valid():
        chosen = GoldItem.objects.in_bulk(form.cleaned_data["examples"])
        try:
            save_lesson(
                actor=signed_in(request),
                campaign=campaign,
                lesson=edited,
                title=form.cleaned_data["title"],
                introduction=form.cleaned_data["introduction"],
                examples=[chosen[pk] for pk in form.cleaned_data["examples"]],
            )
        except AnnotationError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("The lesson has been saved."))
            return redirect("lessons", slug=slug)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "lessons",
        "lessons": campaign.lessons.prefetch_related("examples__gold_item__campaign_item__item"),
        "edited": edited,
        "form": form,
    }
    return render(request, "quality/lessons.html", context)


@require_POST
@login_required
def lesson_move(request: HttpRequest, slug: str, lesson: int) -> HttpResponse:
    """Move a lesson, or one of its examples, up or down by one place."""
    campaign = _load(request, slug)
    found = get_object_or_404(Lesson, pk=lesson, campaign=campaign)
    act, chosen = request.POST.get("act", ""), read_whole(request.POST.get("example", ""))
    by, actor = MOVES.get(act, 0), signed_in(request)
    if by and chosen is not None:
        example = LessonExample.objects.select_related("lesson__campaign").filter(
            lesson=found, gold_item=chosen
        )
        move_example(actor=actor, example=get_object_or_404(example), by=by)
    elif by:
        move_lesson(actor=actor, lesson=found, by=by)
    return redirect("lessons", slug=slug)


@require_POST
@login_required
def lesson_remove(request: HttpRequest, slug: str, lesson: int) -> HttpResponse:
    """Take a lesson out of the training."""
    campaign = _load(request, slug)
    found = Lesson.objects.filter(pk=lesson, campaign=campaign).first()
    if found is not None:  # twice is once
        remove_lesson(actor=signed_in(request), lesson=found)
    messages.success(request, _("The lesson has been removed; its items are in the bank."))
    return redirect("lessons", slug=slug)


def _in_one_line(item: Item) -> str:
    """An item as a choice, on one line even if its instruction has several."""
    return f"{item.external_id}: {LINE_BREAK.join(item.instruction.splitlines())}"


def _load(request: HttpRequest, slug: str) -> Campaign:
    """The campaign, for its people who rate none of its items: lessons show gold."""
    campaign = load_campaign(request, slug, can_review)
    refuse_blind(request, items_of(campaign), working_in=campaign)
    return campaign


def _lesson_form(request: HttpRequest, campaign: Campaign, edited: Lesson | None) -> LessonForm:
    free = campaign.gold_items.filter(is_active=True).select_related("campaign_item__item")
    shown = list(edited.examples.values_list("gold_item", flat=True)) if edited else []
    places = {gold: place for place, gold in enumerate(shown)}
    offered = [gold for gold in free if gold.pk in places or not hasattr(gold, "example")]
    choices = [
        (gold.pk, _in_one_line(gold.campaign_item.item))
        for gold in sorted(offered, key=lambda one: (places.get(one.pk, len(places)), one.pk))
    ]
    initial = None
    if edited is not None:
        initial = {
            "title": edited.title,
            "introduction": edited.introduction,
            "examples": shown,
        }
    return LessonForm(request.POST or None, choices=choices, initial=initial)
