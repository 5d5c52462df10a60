"""What belongs to the annotator: their open ratings and their keys."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotation_app.api.rating.answers import OwnRatingSerializer, ReopenedSerializer
from annotation_app.api.rating.loading import own_rating, worker
from annotation_app.api.rating.reading import read_judgement, read_undo
from annotation_app.api.rating.serializers import KeymapSerializer, UndoableJudgementSerializer
from annotation_app.enums import RevisionCause
from annotation_app.exceptions import ConflictError
from annotation_app.payloads.workbench import Reopened, describe_rating, describe_work
from annotation_app.selectors.queue.leases import find_lease
from annotation_app.services.rating.keymaps import keymap_of, set_keymap
from annotation_app.services.rating.revisions import CLOSED, is_open, revise_rating


@extend_schema(methods=["GET"], responses=ReopenedSerializer)
@extend_schema(methods=["PUT"], request=UndoableJudgementSerializer, responses=OwnRatingSerializer)
@api_view(["GET", "PUT"])
def rating(request: Request, client_uuid: UUID) -> Response:
    """Read one's own rating while it is open, or change it."""
    stored = own_rating(request, client_uuid)
    now = timezone.now()
    if request.method == "PUT":
        is_undo = read_undo(request.data)
        stored = revise_rating(
            rating=stored,
            judgement=read_judgement(request.data, stored.candidate_order),
            now=now,
            cause=RevisionCause.UNDO if is_undo else RevisionCause.EDIT,
        )
        return Response(describe_rating(stored))
    if not is_open(stored, now) or stored.lease is None:
        raise ConflictError(_(CLOSED))
    lease = find_lease(annotator=worker(request), token=stored.lease.token) or stored.lease
    answer: Reopened = {
        "work": describe_work(lease, now=now, language=get_language() or "en"),
        "rating": describe_rating(stored),
    }
    return Response(answer)


@extend_schema(request=KeymapSerializer, responses=KeymapSerializer)
@api_view(["GET", "PUT"])
def keymap(request: Request) -> Response:
    """Read or change one's own keys."""
    user = worker(request)
    if request.method == "GET":
        return Response({"keys": keymap_of(user)})
    serializer = KeymapSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return Response({"keys": set_keymap(user=user, keys=serializer.validated_data["keys"])})
