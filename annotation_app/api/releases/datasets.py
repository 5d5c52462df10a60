"""Dataset versions for researchers' programs: asked for, watched, downloaded."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from annotation_app.api.loading import load_campaign, person, refuse_blind
from annotation_app.api.pagination import NumberPagination
from annotation_app.api.releases.serializers import ExportOptionsSerializer, WithdrawnSerializer
from annotation_app.api.serializers import DatasetVersionSerializer
from annotation_app.enums import BuildState
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import DatasetVersion
from annotation_app.policies import can_export, can_see_results
from annotation_app.selectors.campaigns.access import Permission
from annotation_app.selectors.collections.withdrawals import withdrawal_records
from annotation_app.selectors.exports.files import find_version_file
from annotation_app.selectors.rating.blinding import items_of, items_of_version, why_blind
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset


class DatasetList(ListAPIView[DatasetVersion]):
    """Dataset versions of a campaign; POST asks for a new one with the options of a manifest."""

    queryset = DatasetVersion.objects.none()  # tells the API's document the model
    serializer_class = DatasetVersionSerializer
    pagination_class: type[CursorPagination] = NumberPagination

    @override
    def get_queryset(self) -> QuerySet[DatasetVersion]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        return campaign.datasets.select_related("job")

    @override
    def get_serializer_context(self) -> dict[str, Any]:
        """With why manifests, which name items, are withheld from this person."""
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        reason = why_blind(person(self.request), items_of(campaign))
        return {**super().get_serializer_context(), "withheld": reason}

    @extend_schema(request=ExportOptionsSerializer, responses={202: DatasetVersionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        campaign = load_campaign(request, slug, can_export)
        version = request_dataset(
            campaign=campaign, options=_options(request.data), created_by=person(request)
        )
        return Response(self.get_serializer(version).data, status=202)


class DatasetDetail(GenericAPIView[DatasetVersion]):
    """One dataset version."""

    serializer_class = DatasetVersionSerializer

    def get(self, request: Request, slug: str, number: int) -> Response:
        version = _version(request, slug, number, can_see_results)
        return Response(self.get_serializer(version).data)


class DatasetFile(GenericAPIView[DatasetVersion]):
    """A file of a ready version, by a name that its manifest lists and no withdrawal withholds."""

    queryset = DatasetVersion.objects.none()

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, number: int, path: str) -> FileResponse:
        version = _version(request, slug, number, can_export)
        found = find_version_file(version, path)
        if version.state != BuildState.READY or found is None:
            raise Http404
        name = f"{slug}-v{number}-{found.name}"
        return FileResponse(found.open("rb"), as_attachment=True, filename=name)


class DatasetWithdrawn(GenericAPIView[DatasetVersion]):
    """Items of a version that were withdrawn since it was built: leave their rows out."""

    queryset = DatasetVersion.objects.none()

    @extend_schema(responses=WithdrawnSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        version = _version(request, slug, number, can_see_results)
        return Response({"withdrawn": withdrawal_records(version.snapshot)})


def _version(request: Request, slug: str, number: int, permission: Permission) -> DatasetVersion:
    campaign = load_campaign(request, slug, permission)
    versions = campaign.datasets.select_related("job", "campaign")
    version = get_object_or_404(versions, number=number)
    refuse_blind(request, items_of_version(version))
    return version


def _options(data: Any) -> ExportOptions:  # noqa: ANN401 - JSON
    if not isinstance(data, dict):
        raise InvalidInputError("Send the options as a JSON object.")
    return ExportOptions.from_json(data)
