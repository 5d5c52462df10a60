"""A campaign's members, and changing one of them."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Invitation, Membership, User
from annotation_app.policies import can_administer_campaign
from annotation_app.selectors.people.invitations import stands
from annotation_app.selectors.people.members import campaign_members
from annotation_app.selectors.people.tokens import count_tokens
from annotation_app.services.people.changing import change_member, end_membership
from annotation_app.services.people.tokens import revoke_tokens
from annotation_app.services.quality.members import pause_member, resume_member
from annotation_app.web.loading import load_campaign
from annotation_app.web.people.forms import InviteForm, MemberForm, member_values
from annotation_app.web.people.tokens.words import say_ended
from annotation_app.web.requests import signed_in

FRESH_LINKS = "fresh_invitations"  # shown by the next look at the page, once


@require_safe
@login_required
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Members, open invitations, and the form that invites."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    now = timezone.now()
    waiting = Invitation.objects.filter(campaign=campaign, accepted_at=None, revoked_at=None)
    invitations = list(waiting.select_related("invited_by", "campaign")[:200])
    fresh = request.session.get(FRESH_LINKS, {})
    links = fresh.get(slug, []) if isinstance(fresh, dict) else []
    if links:
        del request.session[FRESH_LINKS]
    context = {
        "campaign": campaign,
        "tab": "members",
        "rows": campaign_members(campaign, now=now),
        "invitations": invitations,
        "lapsed": {one.pk for one in invitations if not stands(one)},
        "now": now,
        "links": links,
        "form": InviteForm(),
    }
    return render(request, "people/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member_change(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """A member's role, team and daily figures."""
    found = _load(request, slug, member)
    form = MemberForm(request.POST or None, initial=member_values(found))
    if form.is_valid():
        try:
            change_member(actor=signed_in(request), membership=found, change=form.change())
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("member-list", slug=slug)
    context = {
        "campaign": found.campaign,
        "tab": "members",
        "member": found,
        "form": form,
        "tokens": count_tokens(found.user),
    }
    return render(request, "people/member.html", context)


@require_POST
@login_required
def member_act(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """Pause, resume or end a membership."""
    found = _load(request, slug, member)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:500]
    try:
        _act(signed_in(request), found, (act, reason), timezone.now())
    except AnnotationError as error:
        messages.warning(request, error.message)
        return redirect("member-change", slug=slug, member=member)
    messages.success(request, _("Saved."))
    return redirect("member-list", slug=slug)


@require_POST
@login_required
def member_tokens(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """End a member's API tokens, say because a program of theirs was lost."""
    found = _load(request, slug, member)
    ended = revoke_tokens(user=found.user, actor=signed_in(request), reason="revoked by an admin")
    messages.success(request, say_ended(ended))
    return redirect("member-change", slug=slug, member=member)


def _act(actor: User, member: Membership, said: tuple[str, str], now: datetime) -> None:
    act, reason = said
    if act == "pause":
        pause_member(actor=actor, membership=member, reason=reason, now=now)
    elif act == "resume":
        resume_member(actor=actor, membership=member, now=now)
    elif act == "leave":
        end_membership(actor=actor, membership=member, reason=reason, now=now)


def _load(request: HttpRequest, slug: str, member: int) -> Membership:
    campaign = load_campaign(request, slug, can_administer_campaign)
    members = Membership.objects.select_related("user", "campaign__collection")
    return get_object_or_404(members, campaign=campaign, pk=member)
