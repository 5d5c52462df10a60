"""Next, draft, heartbeat, submit, skip, flag: the workbench's endpoints."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from annotation_app.api.rating.answers import (
    EndedLeaseSerializer,
    KeptDraftSerializer,
    ReceiptSerializer,
    RenewalsSerializer,
    SessionSerializer,
    StoredFlagSerializer,
    WorkSerializer,
)
from annotation_app.api.rating.loading import own_campaign, own_lease, worker
from annotation_app.api.rating.reading import read_judgement
from annotation_app.api.rating.serializers import (
    DraftSerializer,
    FlagSerializer,
    HeartbeatSerializer,
    JudgementSerializer,
    NextSerializer,
    SkipSerializer,
)
from annotation_app.enums import FlagKind
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Lease, User
from annotation_app.payloads.workbench import describe_receipt, describe_work
from annotation_app.policies import can_enter_campaign, can_renew_lease
from annotation_app.selectors.queue.leases import find_lease, find_stray_lease
from annotation_app.selectors.raters.sessions import read_session
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.following import follow_up
from annotation_app.services.queue.leases import release_lease, renew_lease, skip_task
from annotation_app.services.rating.drafts import save_draft
from annotation_app.services.rating.flags import flag_item
from annotation_app.services.rating.submission import submit_rating


class Renewal(TypedDict, total=False):
    """How long a lease runs; or why it has ended, and the sentence for it."""

    seconds_left: int
    ended: str
    message: str


@extend_schema(request=NextSerializer, responses=WorkSerializer)
@api_view(["POST"])
def next_task(request: Request, slug: str) -> Response:
    """Lease the next task of a campaign and describe it.

    If no further task can be leased, a lease that the page does not know is returned again: the
    response that carried it was lost.
    """
    campaign, annotator = own_campaign(request, slug), worker(request)
    now = timezone.now()
    try:
        lease = lease_next_task(annotator=annotator, campaign=campaign, now=now)
    except (ConflictError, NothingToDoError):
        known = _read(NextSerializer, request)["holding"]
        stray = find_stray_lease(annotator=annotator, campaign=campaign, known=known, now=now)
        if stray is None:
            raise
        lease = stray
    return Response(describe_work(lease, now=now, language=get_language() or "en"))


@extend_schema(request=None, responses=SessionSerializer)
@api_view(["GET"])
def session(request: Request, slug: str) -> Response:
    """One's own pace today."""
    campaign = own_campaign(request, slug)
    figures = read_session(annotator=worker(request), campaign=campaign, now=timezone.now())
    return Response(figures.as_json())


@extend_schema(request=DraftSerializer, responses=KeptDraftSerializer)
@api_view(["PUT"])
def draft(request: Request, token: UUID) -> Response:
    """Keep the scores given so far; answers the number of the draft that is kept."""
    lease = own_lease(request, token)
    values = _read(DraftSerializer, request)
    number = save_draft(lease=lease, draft=values["draft"], number=values["number"])
    return Response({"number": number})


@extend_schema(request=HeartbeatSerializer, responses=RenewalsSerializer)
@api_view(["POST"])
def heartbeat(request: Request) -> Response:
    """Renew leases; says for each how long it runs or why it ended."""
    values = _read(HeartbeatSerializer, request)
    user, now = worker(request), timezone.now()
    return Response({str(token): _renew(user, token, now) for token in values["tokens"]})


@extend_schema(
    request=JudgementSerializer, responses={200: ReceiptSerializer, 201: ReceiptSerializer}
)
@api_view(["POST"])
def submit(request: Request, token: UUID) -> Response:
    """Store the rating once; answers the same result to every retry."""
    lease = own_lease(request, token)
    now = timezone.now()
    result = submit_rating(
        lease=lease,
        judgement=read_judgement(request.data, lease.candidate_order),
        now=now,
    )
    answer = {**describe_receipt(result.rating), **_next_page(lease, now)}
    return Response(answer, status=200 if result.is_repeat else 201)


@extend_schema(request=SkipSerializer, responses=EndedLeaseSerializer)
@api_view(["POST"])
def skip(request: Request, token: UUID) -> Response:
    """Give an item back with a reason."""
    values = _read(SkipSerializer, request)
    now, lease = timezone.now(), own_lease(request, token)
    ended = skip_task(lease=lease, reason=values["reason"], now=now)
    return Response({"outcome": ended.outcome} | _next_page(lease, now))


@extend_schema(request=None, responses=EndedLeaseSerializer)
@api_view(["POST"])
def release(request: Request, token: UUID) -> Response:
    """Give an untouched item back."""
    lease = release_lease(lease=own_lease(request, token), now=timezone.now())
    return Response({"outcome": lease.outcome})


@extend_schema(request=FlagSerializer, responses={201: StoredFlagSerializer})
@api_view(["POST"])
def flag(request: Request, token: UUID) -> Response:
    """Flag the item for a person's look."""
    values = _read(FlagSerializer, request)
    stored = flag_item(
        lease=own_lease(request, token), kind=FlagKind(values["kind"]), note=values["note"]
    )
    return Response({"kind": stored.kind}, status=201)


def _renew(user: User, token: UUID, now: datetime) -> Renewal:
    """How long a lease runs from now on; one invalid token does not affect the valid ones.

    A pause takes effect within one lease: work in progress may be finished, but is not renewed.
    """
    lease = find_lease(annotator=user, token=token)
    if lease is None or not can_enter_campaign(user, lease.task.campaign):
        return {"ended": "unknown", "message": _("This item is no longer assigned to you.")}
    try:
        if lease.ended_at is not None or can_renew_lease(user, lease):
            lease = renew_lease(lease=lease, now=now)
    except ConflictError as ended:
        return {"ended": ended.details["outcome"], "message": ended.message}
    return {"seconds_left": max(0, round((lease.expires_at - now).total_seconds()))}


def _read(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


def _next_page(lease: Lease, now: datetime) -> dict[str, str]:
    """The next page in training, test and review; empty for production and its checks."""
    page = follow_up(lease=lease, now=now)
    return {} if page is None else {"go_to": reverse(page.name, args=page.arguments)}
