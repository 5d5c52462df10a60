"""Actions on an annotator: message, retrain, pause, resume, release; each leaves an audit event."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation_app.enums import NoteKind, PauseReason, Role
from annotation_app.exceptions import AnnotationError
from annotation_app.models import AnnotatorNote, Membership, User, WorkRelease
from annotation_app.policies import can_administer_campaign, can_review
from annotation_app.selectors.raters.repeats import self_consistencies
from annotation_app.selectors.rubrics.wording import describe_rubric
from annotation_app.services.quality.notes import read_note, write_note
from annotation_app.services.quality.pausing import (
    pause_annotator,
    resume_annotator,
    retrain_annotator,
)
from annotation_app.services.quality.releasing import release_work, undo_release
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import asks_for_part, signed_in

Act = Callable[[User, Membership, HttpRequest], str]


@require_safe
@login_required
def rater_actions(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """An annotator's page of actions: notes so far, releases, and what can be done."""
    campaign = load_campaign(request, slug, can_review)
    membership = _member(campaign.pk, member)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "home",
        "reviews": True,
        "member": membership,
        "repeats": [
            (key, found[membership.user_id])
            for key, found in self_consistencies(campaign, annotator=membership.user_id).items()
            if membership.user_id in found
        ],
        "dimensions": describe_rubric(
            campaign.rubric_id, campaign.guideline_id, get_language() or "en"
        )
        if campaign.guideline_id
        else [],
        "notes": membership.notes.select_related("author"),
        "releases": membership.releases.select_related("released_by"),
        "administers": can_administer_campaign(signed_in(request), campaign),
    }
    return render(request, "quality/annotator.html", context)


@require_POST
@login_required
def rater_act(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """Do one of the actions, named by `act`."""
    act = request.POST.get("act", "")
    permission = can_review if act == "message" else can_administer_campaign
    campaign = load_campaign(request, slug, permission)
    membership = _member(campaign.pk, member)
    if act not in ACTS:
        raise Http404
    try:
        said = ACTS[act](signed_in(request), membership, request)
    except AnnotationError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("rater-actions", slug=slug, member=member)


@require_POST
@login_required
def release_undo(request: HttpRequest, slug: str, release: int) -> HttpResponse:
    """Count released work again if it has not been rated since."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    found = get_object_or_404(WorkRelease, pk=release, membership__campaign=campaign)
    try:
        restored = undo_release(actor=signed_in(request), release=found, now=timezone.now())
    except AnnotationError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request,
            ngettext("%(n)s rating counts again.", "%(n)s ratings count again.", restored)
            % {"n": restored},
        )
    return redirect("rater-actions", slug=slug, member=found.membership_id)


@require_POST
@login_required
def note_read(request: HttpRequest, note: int) -> HttpResponse:
    """The annotator has read a note."""
    user = signed_in(request)
    found = get_object_or_404(AnnotatorNote, pk=note, membership__user=user)
    read_note(note=found, now=timezone.now())
    if asks_for_part(request):
        return HttpResponse(b"")
    return redirect("home")


def _member(campaign: int, member: int) -> Membership:
    rows = Membership.objects.select_related("user", "campaign", "annotator_status")
    return get_object_or_404(rows, pk=member, campaign=campaign, role=Role.ANNOTATOR)


def _message(actor: User, member: Membership, request: HttpRequest) -> str:
    write_note(
        actor=actor,
        membership=member,
        kind=NoteKind.MESSAGE,
        text=request.POST.get("text", ""),
        now=timezone.now(),
    )
    return _("The message is shown on their home page and on the workbench.")


def _pause(actor: User, member: Membership, request: HttpRequest) -> str:
    pause_annotator(
        actor=actor,
        membership=member,
        reason=PauseReason.PERSON,
        text=request.POST.get("text", "")[:1000],
        now=timezone.now(),
    )
    return _("Paused. Work in progress may still be submitted.")


def _resume(actor: User, member: Membership, _request: HttpRequest) -> str:
    resume_annotator(actor=actor, membership=member, now=timezone.now())
    return _("They may work again; the gold checks start over.")


def _retrain(actor: User, member: Membership, _request: HttpRequest) -> str:
    retrain_annotator(actor=actor, membership=member, now=timezone.now())
    return _("They will be trained and tested again before they continue.")


def _release(actor: User, member: Membership, request: HttpRequest) -> str:
    days = request.POST.get("days", "")
    now = timezone.now()
    release = release_work(
        actor=actor,
        membership=member,
        since=now - timedelta(days=int(days)) if days.isdecimal() and len(days) < 5 else None,  # noqa: PLR2004 - digits of a number of days
        reason=request.POST.get("text", ""),
        now=now,
    )
    n = len(release.ratings)
    return ngettext(
        "%(n)s rating no longer counts; its slot is open.",
        "%(n)s ratings no longer count; their slots are open.",
        n,
    ) % {"n": n}


ACTS: dict[str, Act] = {
    "message": _message,
    "pause": _pause,
    "resume": _resume,
    "retrain": _retrain,
    "release": _release,
}
