"""Read access for researchers' programs: campaigns, scores, agreement, versions, jobs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from annotation_app.api.filters import ScoreFilter
from annotation_app.api.loading import load_campaign, person, refuse_blind
from annotation_app.api.pagination import CandidatePagination, NumberPagination
from annotation_app.api.serializers import (
    AgreementSerializer,
    CampaignSerializer,
    CountedScoreSerializer,
    JobSerializer,
    PredictionSerializer,
    RewardModelVersionSerializer,
)
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import (
    Campaign,
    Job,
    Prediction,
    RewardModelVersion,
    Score,
)
from annotation_app.policies import can_export, can_see_results
from annotation_app.selectors.agreement.tables import campaign_agreement
from annotation_app.selectors.jobs.jobs import visible_jobs
from annotation_app.selectors.people.memberships import campaign_places
from annotation_app.selectors.rating.blinding import items_of


class CampaignList(ListAPIView[Campaign]):
    """Campaigns whose results you may see."""

    queryset = Campaign.objects.none()  # tells the API's document the model
    serializer_class = CampaignSerializer

    @override
    def get_queryset(self) -> QuerySet[Campaign]:
        places = campaign_places(person(self.request))
        seen = [place.campaign.pk for place in places if place.sees_results]
        return Campaign.objects.filter(pk__in=seen).select_related("collection", "rubric")


class CampaignDetail(GenericAPIView[Campaign]):
    """One campaign."""

    serializer_class = CampaignSerializer

    def get(self, request: Request, slug: str) -> Response:
        campaign = load_campaign(request, slug, can_see_results)
        return Response(self.get_serializer(campaign).data)


class ScoreList(ListAPIView[Score]):
    """Counted scores of a campaign, one row per candidate, dimension and annotator."""

    queryset = Score.objects.none()  # tells the API's document the model
    serializer_class = CountedScoreSerializer
    filterset_class = ScoreFilter

    @override
    def get_queryset(self) -> QuerySet[Score]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_export)
        refuse_blind(self.request, items_of(campaign))
        return Score.objects.filter(
            revision__current_of__campaign=campaign,
            revision__current_of__status=RatingStatus.ACTIVE,
            revision__current_of__purpose__in=DATA_PURPOSES,
        ).select_related(
            "candidate",
            "dimension",
            "revision__rating__annotator",
            "revision__rating__campaign_item__item",
            "revision__rating__task",
            "revision__rating__guideline",
        )


class Agreement(GenericAPIView[Campaign]):
    """Agreement by dimension over slots of random design; undefined values are null, with why."""

    queryset = Campaign.objects.none()

    @extend_schema(responses=AgreementSerializer)
    def get(self, request: Request, slug: str) -> Response:
        campaign = load_campaign(request, slug, can_see_results)
        figures = {one.dimension: one.summary.as_dict() for one in campaign_agreement(campaign)}
        return Response({"strata": {"pooled": figures}})


class ModelList(ListAPIView[RewardModelVersion]):
    """Reward model versions of a campaign."""

    queryset = RewardModelVersion.objects.none()  # tells the API's document the model
    serializer_class = RewardModelVersionSerializer
    pagination_class: type[CursorPagination] = NumberPagination

    @override
    def get_queryset(self) -> QuerySet[RewardModelVersion]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        return campaign.models.select_related("dataset")


class PredictionList(ListAPIView[Prediction]):
    """What a model version predicts, by candidate."""

    queryset = Prediction.objects.none()  # tells the API's document the model
    serializer_class = PredictionSerializer
    pagination_class: type[CursorPagination] = CandidatePagination

    @override
    def get_queryset(self) -> QuerySet[Prediction]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        refuse_blind(self.request, items_of(campaign))
        model = get_object_or_404(campaign.models, number=self.kwargs["number"])
        return model.predictions.select_related("candidate__item")

    @override
    def get_serializer_context(self) -> dict[str, Any]:
        campaign = load_campaign(self.request, self.kwargs["slug"], can_see_results)
        keys = list(campaign.rubric.dimensions.values_list("key", flat=True))
        return {**super().get_serializer_context(), "dimensions": keys}


class JobDetail(RetrieveAPIView[Job]):
    """A job's progress."""

    queryset = Job.objects.none()  # tells the API's document the model
    serializer_class = JobSerializer
    lookup_field = "public_id"

    @override
    def get_queryset(self) -> QuerySet[Job]:
        return visible_jobs(person(self.request))
