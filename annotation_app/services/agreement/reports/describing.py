"""The facts around the figures: campaign, rubric, guideline versions, method, versions."""

from importlib.metadata import version as package_version
from typing import Any

from django.db.models import Count

from analytics.agreement.comparison.differences import Difference
from analytics.estimates import Interval
from analytics.overall import OVERALL
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, GuidelineVersion, Rating, Rubric
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights
from annotation_app.services.agreement.reports.gathering import DESIGN

LIBRARIES = ("numpy", "scipy")
ITEMS = "these annotators, new items: linearised item jackknife of atanh(alpha), t(G-1)"
ANNOTATORS = (
    "new annotators too: item + annotator - unit variance, at least the larger of the first two, "
    "on atanh(alpha), t with Satterthwaite's degrees of freedom"
)


def method_facts() -> dict[str, Any]:
    """How the figures were made."""
    return {
        "design": DESIGN.value,
        "coefficients": "point values from exact whole-number sums over units",
        "interval": ITEMS,
        "interval_annotators": ANNOTATORS,
        "fewest_items_for_an_interval": 5,
        "versions": {name: package_version(name) for name in LIBRARIES},
    }


def campaign_facts(campaign: Campaign) -> dict[str, Any]:
    """The campaign, its rubric with its words, and what was rated under which guideline."""
    return {
        "campaign": {
            "name": campaign.name,
            "slug": campaign.slug,
            "collection": campaign.collection.name,
            "is_simulated": campaign.collection.is_simulated,
            "seed": campaign.seed,
        },
        "rubric": _rubric(campaign.rubric, campaign.guideline),
        "guidelines": _guidelines(campaign),
    }


def interval_facts(interval: Interval) -> dict[str, Any]:
    """An interval, or why there is none."""
    return {
        "interval_95": None if interval.bounds is None else list(interval.bounds),
        "method": interval.method,
        "reason": None if interval.reason is None else interval.reason.value,
    }


def difference_facts(pair: tuple[str, str], found: Difference) -> dict[str, Any]:
    """First minus second with its interval."""
    reason = found.estimate.reason
    return {
        "first": pair[0],
        "second": pair[1],
        "krippendorff_alpha_ordinal": found.estimate.value,
        "n_shared_items": found.n_shared,
        **interval_facts(found.interval),
        "reason": (reason or found.interval.reason or None),
    }


def _rubric(rubric: Rubric, guideline: GuidelineVersion | None) -> dict[str, Any]:
    wording = guideline.wording if guideline else {}
    weights = rubric_weights(rubric)
    return {
        "name": rubric.name,
        "slug": rubric.slug,
        "dimensions": [
            {
                "key": key,
                "names": {
                    language: words[key]["name"]
                    for language, words in wording.items()
                    if words.get(key, {}).get("name")
                },
                "levels": list(scale.values),
                "weight": str(weights[key]),
            }
            for key, scale in rubric_scales(rubric).items()
        ],
        "overall": f"{OVERALL}: weighted sum of the dimensions",
    }


def _guidelines(campaign: Campaign) -> list[dict[str, Any]]:
    rows = (
        Rating.objects.filter(
            campaign=campaign,
            status=RatingStatus.ACTIVE,
            purpose__in=DATA_PURPOSES,
            task__design=DESIGN,
        )
        .values("guideline__number", "guideline__published_at")
        .annotate(ratings=Count("pk"))
        .order_by("guideline__number", "guideline__published_at")
    )
    return [
        {
            "version": f"v{row['guideline__number']}",
            "published_at": row["guideline__published_at"].isoformat(),
            "ratings": row["ratings"],
        }
        for row in rows
    ]
