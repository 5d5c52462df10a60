"""A dataset version as one file under the API's address, so that the API's document lists it."""

from typing import cast

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from annotation_app.policies import can_export
from annotation_app.web.exports.files import version_archive
from annotation_app.web.exports.loading import load_told_version
from annotation_app.web.ranges import send_download


class DatasetArchive(APIView):
    """A whole ready version as one tar, images included; ranges are served."""

    @extend_schema(responses={(200, "application/x-tar"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, number: int) -> HttpResponseBase:
        asked = cast("HttpRequest", request)  # it hands every attribute on
        version = load_told_version(asked, slug, number, can_export)
        return send_download(asked, version_archive(version))
