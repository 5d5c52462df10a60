"""Benchmarks for researchers' programs: what they hold, their files, judges and leaderboards."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from annotation_app.api.loading import load_campaign, person, refuse_blind
from annotation_app.api.pagination import NumberPagination
from annotation_app.api.releases.serializers import (
    BenchmarkSerializer,
    GeneratorBoardSerializer,
    JudgeBoardSerializer,
    PredictionsSerializer,
)
from annotation_app.api.serializers import JobSerializer
from annotation_app.enums import BenchmarkStage
from annotation_app.models import Benchmark
from annotation_app.policies import can_build_benchmark, can_see_results
from annotation_app.selectors.benchmarks.benchmarks import board_records
from annotation_app.selectors.benchmarks.leaderboards import campaign_board
from annotation_app.selectors.campaigns.access import Permission
from annotation_app.selectors.exports.released_files import find_file
from annotation_app.selectors.rating.blinding import items_of_benchmark
from annotation_app.services.benchmarks.uploading import request_scoring


class BenchmarkList(ListAPIView[Benchmark]):
    """Benchmarks of a campaign."""

    queryset = Benchmark.objects.none()  # tells the API's document the model
    serializer_class = BenchmarkSerializer
    pagination_class: type[CursorPagination] = NumberPagination

    @override
    def get_queryset(self) -> QuerySet[Benchmark]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        return campaign.benchmarks.defer("groups", "board")


class BenchmarkDetail(GenericAPIView[Benchmark]):
    """One benchmark."""

    serializer_class = BenchmarkSerializer

    def get(self, request: Request, slug: str, number: int) -> Response:
        benchmark = _benchmark(request, slug, number, can_see_results)
        return Response(self.get_serializer(benchmark).data)


class BenchmarkFile(GenericAPIView[Benchmark]):
    """A file of a published benchmark, by a name that its manifest lists."""

    queryset = Benchmark.objects.none()

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, number: int, path: str) -> FileResponse:
        benchmark = _benchmark(request, slug, number, can_build_benchmark)
        refuse_blind(request, items_of_benchmark(benchmark))
        found = find_file(folder=benchmark.folder, manifest=benchmark.manifest, name=path)
        if benchmark.stage != BenchmarkStage.PUBLISHED or found is None:
            raise Http404
        name = f"{slug}-benchmark-{number}-{found.name}"
        return FileResponse(found.open("rb"), as_attachment=True, filename=name)


class JudgeBoard(GenericAPIView[Benchmark]):
    """The leaderboard of judges, best first; POST has a predictions file scored as a new judge."""

    queryset = Benchmark.objects.none()
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=JudgeBoardSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        benchmark = _benchmark(request, slug, number, can_see_results)
        return Response({"judges": board_records(benchmark)})

    @extend_schema(request=PredictionsSerializer, responses={202: JobSerializer})
    def post(self, request: Request, slug: str, number: int) -> Response:
        benchmark = _benchmark(request, slug, number, can_build_benchmark)
        refuse_blind(request, items_of_benchmark(benchmark))
        given = PredictionsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        job = request_scoring(
            benchmark=benchmark,
            name=given.validated_data["name"],
            file=given.validated_data["file"],
            created_by=person(request),
        )
        return Response(JobSerializer(job, context={"request": request}).data, status=202)


class GeneratorBoard(GenericAPIView[Benchmark]):
    """The leaderboard of a campaign's generators; `?design=random` leaves imported ratings out."""

    queryset = Benchmark.objects.none()

    @extend_schema(responses=GeneratorBoardSerializer)
    def get(self, request: Request, slug: str) -> Response:
        campaign = load_campaign(request, slug, can_see_results)
        random_only = request.query_params.get("design") == "random"
        board = campaign_board(campaign, random_only=random_only)
        return Response(
            {
                "items": board.items,
                "tie_model": board.tie_model,
                "no_abilities": board.no_abilities,
                "generators": board.records,
            }
        )


def _benchmark(request: Request, slug: str, number: int, permission: Permission) -> Benchmark:
    campaign = load_campaign(request, slug, permission)
    found = get_object_or_404(Benchmark, campaign=campaign, number=number)
    found.campaign = campaign
    return found
