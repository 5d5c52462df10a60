"""A trained model as one file: for people by its page, for programs by the API's address."""

from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from annotation_app.enums import BuildState
from annotation_app.models import RewardModelVersion
from annotation_app.policies import can_export
from annotation_app.selectors.rating.blinding import items_of
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.by_token import login_or_token
from annotation_app.web.loading import load_campaign
from annotation_app.web.ranges import Download, send_download
from annotation_app.web.tarring import TarEntry, TarLayout


@require_safe
@login_or_token
def model_archive(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The model's folder as one tar: weights, configuration, card and charts."""
    return send_download(request, _archive(request, slug, number))


class ModelArchive(APIView):
    """A trained model as one tar, as `python -m modeling score` reads it once unpacked."""

    @extend_schema(responses={(200, "application/x-tar"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, number: int) -> HttpResponseBase:
        asked = cast("HttpRequest", request)  # it hands every attribute on
        return send_download(asked, _archive(asked, slug, number))


def _archive(request: HttpRequest, slug: str, number: int) -> Download:
    campaign = load_campaign(request, slug, can_export)
    # the weights were fitted to others' scores and give back a prediction for every edit
    refuse_blind(request, items_of(campaign))
    version = get_object_or_404(campaign.models, number=number)
    files = _files(version)
    if version.state != BuildState.READY or not files:
        raise Http404
    folder, top = _folder(version), f"{slug}-model-{number}"
    entries = [
        TarEntry(f"{top}/{path.relative_to(folder).as_posix()}", path.stat().st_size, path)
        for path in files
    ]
    layout = TarLayout(entries, int(version.created_at.timestamp()))
    return Download(
        name=f"{top}.tar",
        size=layout.size,
        tag=version.weights_sha256 or "untagged",
        read=layout.read,
        content_type="application/x-tar",
    )


def _files(version: RewardModelVersion) -> list[Path]:
    """What the trainer wrote; a link would lead out of the folder."""
    if not version.folder:
        return []
    found = _folder(version).rglob("*")
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _folder(version: RewardModelVersion) -> Path:
    return Path(settings.MODEL_ROOT) / version.folder
