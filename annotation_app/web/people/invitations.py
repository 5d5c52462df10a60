"""Inviting people, and accepting an invitation."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotation_app.enums import Role
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Invitation, User
from annotation_app.policies import can_administer_campaign
from annotation_app.selectors.people.addresses import holders, may_be_theirs
from annotation_app.selectors.people.invitations import find_invitation, hash_token
from annotation_app.selectors.people.members import campaign_members
from annotation_app.services.people.accounts import create_account
from annotation_app.services.people.bulk import (
    LineProblem,
    ListRefusedError,
    invite_list,
    repeated_addresses,
)
from annotation_app.services.people.invitations import (
    FreshInvitation,
    accept_invitation,
    resend_invitation,
    revoke_invitation,
)
from annotation_app.services.people.mailing import invitation_path, letter_address, mail_invitation
from annotation_app.web.loading import load_campaign
from annotation_app.web.people.forms import AccountForm, InviteForm
from annotation_app.web.people.members import FRESH_LINKS
from annotation_app.web.people.sign_in.devices import remember
from annotation_app.web.requests import signed_in
from annotation_app.web.throttling import is_throttled

BACKEND = "annotation_app.web.people.accounts.AccountBackend"
HOUR = 3600
MOST_LISTS, MOST_ANSWERS = 60, 20  # an hour


@require_POST
@login_required
def invite_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite the listed addresses; on any error no one is invited and each bad line is named."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    actor, form, now = signed_in(request), InviteForm(request.POST), timezone.now()
    if is_throttled(action="invite", who=str(actor.pk), most=MOST_LISTS, seconds=HOUR):
        return render(request, "people/throttled.html", status=429)
    problems: list[LineProblem] = []
    if form.is_valid():
        try:
            made = invite_list(
                actor=actor,
                campaign=campaign,
                text=form.cleaned_data["addresses"],
                role=Role(form.cleaned_data["role"]),
                now=now,
            )
        except AnnotationError as error:
            form.add_error("addresses", error.message)
            problems = error.problems if isinstance(error, ListRefusedError) else []
        else:
            _send(request, slug, made)
            _tell_repeated(request, form)
            return redirect("member-list", slug=slug)
    context = {
        "campaign": campaign,
        "tab": "members",
        "rows": campaign_members(campaign, now=now),
        "invitations": [],
        "form": form,
        "problems": problems,
    }
    return render(request, "people/members.html", context, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation_change(request: HttpRequest, slug: str, invitation: int) -> HttpResponse:
    """Ask, then send an invitation again or revoke it."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    found = get_object_or_404(
        Invitation, campaign=campaign, pk=invitation, accepted_at=None, revoked_at=None
    )
    if request.method != "POST":
        context = {"campaign": campaign, "tab": "members", "invitation": found}
        return render(request, "people/invitation.html", context)
    actor, now = signed_in(request), timezone.now()
    if is_throttled(action="invite", who=str(actor.pk), most=MOST_LISTS, seconds=HOUR):
        return render(request, "people/throttled.html", status=429)
    try:
        if request.POST.get("act") == "resend":
            fresh = resend_invitation(actor=actor, invitation=found, now=now)
            _send(request, slug, [fresh])
        elif request.POST.get("act") == "revoke":
            revoke_invitation(actor=actor, invitation=found, now=now)
            messages.success(request, _("The invitation has been revoked."))
    except AnnotationError as error:
        messages.warning(request, error.message)
    return redirect("member-list", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invited person sees: join with their account, or make one."""
    found = find_invitation(token=token, now=timezone.now())
    if found is None:
        return render(request, "people/closed.html", status=404)
    if request.method == "POST" and is_throttled(
        action="accept", who=hash_token(token), most=MOST_ANSWERS, seconds=HOUR
    ):
        return render(request, "people/throttled.html", status=429)
    if request.user.is_authenticated:
        return _join(request, found)
    if holders(found.email).exists():
        return render(request, "people/accept.html", {"invitation": found, "must_sign_in": True})
    return _make_account(request, found)


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    user = signed_in(request)
    matches = may_be_theirs(user, found.email)
    if request.method == "POST":
        try:
            accept_invitation(invitation=found, user=user, now=timezone.now())
        except AnnotationError as error:
            messages.warning(request, error.message)
            return redirect("home")
        messages.success(request, _("Welcome to %(name)s.") % {"name": found.campaign.name})
        return redirect("home")
    context = {"invitation": found, "signed_in": True, "matches": matches}
    return render(request, "people/accept.html", context)


def _make_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if form.is_valid():
        values, now = form.cleaned_data, timezone.now()
        try:
            with transaction.atomic():
                user = create_account(
                    username=values["username"], email=found.email, password=values["password"]
                )
                accept_invitation(invitation=found, user=user, now=now)
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            login(request, user, backend=BACKEND)
            messages.success(request, _("Welcome to %(name)s.") % {"name": found.campaign.name})
            response = redirect("home")
            remember(request, response, user)
            return response
    is_claimed = User.objects.filter(email__iexact=found.email, is_active=True).exists()
    context = {"invitation": found, "form": form, "is_claimed": is_claimed}
    return render(request, "people/accept.html", context)


def _tell_repeated(request: HttpRequest, form: InviteForm) -> None:
    values = form.cleaned_data
    repeated = repeated_addresses(values["addresses"], Role(values["role"]))
    if repeated:
        said = _("These addresses were in the list more than once and were invited once: %(them)s.")
        messages.info(request, said % {"them": ", ".join(repeated)})


def _send(request: HttpRequest, slug: str, made: list[FreshInvitation]) -> None:
    unsent = [fresh for fresh in made if not mail_invitation(fresh)]
    sent = len(made) - len(unsent)
    if sent:
        said = ngettext("%(n)d invitation was sent.", "%(n)d invitations were sent.", sent)
        messages.success(request, said % {"n": sent})
    if unsent:
        request.session[FRESH_LINKS] = {slug: [_shown(request, fresh) for fresh in unsent]}


def _shown(request: HttpRequest, fresh: FreshInvitation) -> dict[str, str]:
    """A link for the admin to hand on: to the host that the admin uses."""
    link = request.build_absolute_uri(invitation_path(fresh))
    mailto = letter_address(fresh, link)
    return {"email": fresh.invitation.email, "link": link, "mailto": mailto}
