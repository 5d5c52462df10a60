"""What the page shell needs on every page."""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from annotation_app.enums import Theme
from annotation_app.models import Campaign, User
from annotation_app.policies import (
    can_administer_campaign,
    can_administer_installation,
    can_review,
)
from annotation_app.selectors.alerts.alerts import count_unseen
from annotation_app.selectors.jobs.upkeep import overdue_since
from annotation_app.selectors.people.memberships import administers_anywhere, sees_results_anywhere
from annotation_app.selectors.reviewing.threads import unread_threads

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"http": 80, "https": 443}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person's colour scheme and whether the admin pages are for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": Theme.SYSTEM, "shell_sees_jobs": False}
    return {
        "theme": user.theme,
        "shell_sees_jobs": sees_results_anywhere(user),
        "shell_alerts": partial(_unseen_alerts, request, user),
        "shell_site_url": settings.SITE_URL,
        "shell_used_host": partial(_used_host, request, user),
        "shell_questions": partial(_unread_questions, request, user),
        "shell_upkeep_stopped": partial(_upkeep_stopped, user),
    }


def _unseen_alerts(request: HttpRequest, user: User) -> int | None:
    """Open unacknowledged alerts of the campaign in the address; None if not for this person."""
    campaign = _campaign(request)
    if campaign is None or not can_administer_campaign(user, campaign):
        return None
    return count_unseen(campaign.slug)


def _used_host(request: HttpRequest, user: User) -> str:
    """The host of this request for an admin, if links in mail name another; else empty."""
    used, mailed = request.build_absolute_uri("/"), settings.SITE_URL
    if _place(used) == _place(mailed) or not administers_anywhere(user):
        return ""
    return request.get_host()


def _place(address: str) -> tuple[str, int | None]:
    """Host and port; names of the loopback address are one host."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return ("loopback" if host in LOOPBACK else host, parts.port or PORTS.get(parts.scheme))


def _unread_questions(request: HttpRequest, user: User) -> int:
    """Threads with words that this person has not seen, of the campaign in the address."""
    campaign = _campaign(request)
    return unread_threads(campaign, user) if campaign and can_review(user, campaign) else 0


def _upkeep_stopped(user: User) -> datetime | None:
    """Since when regular work is overdue, for people who administer the installation."""
    return overdue_since(timezone.now()) if can_administer_installation(user) else None


def _campaign(request: HttpRequest) -> Campaign | None:
    match = request.resolver_match
    slug = match.kwargs.get("slug", "") if match else ""
    return Campaign.objects.filter(slug=slug).first()
