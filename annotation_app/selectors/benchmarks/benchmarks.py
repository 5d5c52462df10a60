"""What the benchmark pages show: what could serve, how far the raters' check is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from annotation_app.enums import DATA_PURPOSES, BuildState, Design, RatingStatus
from annotation_app.models import Benchmark, Campaign, CampaignItem, RewardModelVersion, User
from annotation_app.policies import can_see_results

SIZES = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class RaterProgress:
    """How many groups a rater has ranked, of how many, and whether they can still do so."""

    rater: User
    done: int
    asked: int
    corrected: int

    @property
    def waiting(self) -> int:
        return self.asked - self.done


def categories_of(campaign: Campaign) -> list[str]:
    """The categories of a campaign's items, by name."""
    names = CampaignItem.objects.filter(campaign=campaign).values_list("item__category", flat=True)
    return sorted(set(names.distinct()))


def count_cross_checked(campaign: Campaign, raters: int) -> int:
    """How many items have at least that many counted ratings from slots of random design."""
    given = Count(
        "ratings",
        filter=Q(
            ratings__status=RatingStatus.ACTIVE,
            ratings__purpose__in=DATA_PURPOSES,
            ratings__task__design=Design.RANDOM,
        ),
    )
    items = CampaignItem.objects.filter(campaign=campaign, item__withdrawn_at=None)
    return items.annotate(given=given).filter(given__gte=raters).count()


def rater_progress(benchmark: Benchmark) -> list[RaterProgress]:
    """Every rater of a benchmark with the groups that they have ranked."""
    rows = benchmark.joint_rankings.values("rater").annotate(
        asked=Count("pk"),
        done=Count("ranks"),
    )
    changed = _corrections(benchmark)
    raters = User.objects.in_bulk([row["rater"] for row in rows])
    found = [
        RaterProgress(raters[row["rater"]], row["done"], row["asked"], changed.get(row["rater"], 0))
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.waiting, one.rater.username))


def _corrections(benchmark: Benchmark) -> dict[int, int]:
    counts: dict[int, int] = {}
    rows = benchmark.joint_rankings.filter(ranks__isnull=False)
    for rater, implied, ranks in rows.values_list("rater_id", "implied", "ranks"):
        counts[rater] = counts.get(rater, 0) + (implied != ranks)
    return counts


def scorable_models(user: User, campaign: Campaign) -> QuerySet[RewardModelVersion]:
    """Ready models of the campaign's rubric, in campaigns whose results the person may see."""
    models = RewardModelVersion.objects.filter(state=BuildState.READY, rubric=campaign.rubric_id)
    campaigns = Campaign.objects.filter(models__in=models).distinct()
    seen = [one.pk for one in campaigns if can_see_results(user, one)]
    return models.filter(campaign__in=seen).select_related("campaign")


def count_withdrawn(benchmark: Benchmark) -> int:
    """How many items of a benchmark's groups were withdrawn since."""
    chosen = [group["campaign_item"] for group in benchmark.groups]
    return CampaignItem.objects.filter(pk__in=chosen, item__withdrawn_at__isnull=False).count()


def board_rows(benchmark: Benchmark) -> list[dict[str, Any]]:
    """The judges' leaderboard: each run with its place's facts and its score sheet by K."""
    runs = {run.name: run for run in benchmark.judge_runs.defer("predictions")}
    rows = []
    for place in benchmark.board.get("rows", []):
        run = runs.get(place["name"])
        if run is not None:
            strict = {row["k"]: row for row in run.report["strict_rows"]}
            rows.append(
                {
                    **place,
                    "run": run,
                    "pooled": strict.get(None),
                    "by_k": [strict.get(k) for k in SIZES],
                }
            )
    return rows


def board_records(benchmark: Benchmark) -> list[dict[str, Any]]:
    """The leaderboard as flat records, best first."""
    return [_record(row) for row in board_rows(benchmark)]


def _record(row: dict[str, Any]) -> dict[str, Any]:
    report = row["run"].report
    record: dict[str, Any] = {"judge": row["name"], "kind": row["run"].kind}
    for line in report["strict_rows"]:
        name = "pooled" if line["k"] is None else f"k{line['k']}"
        record |= {
            f"{name}_groups": line["groups"],
            f"{name}_accuracy": line["value"],
            **_ends(f"{name}_accuracy", line["cluster"] or line["exact"]),
            f"{name}_floor_scores": line["floor_scores"],
            f"{name}_floor_labels": line["floor_labels"],
        }
    for name in ("pairs", "strict_pairs"):
        figures = report[name]
        record |= {name: figures["value"], **_ends(name, figures["cluster"] or figures["exact"])}
    record |= {
        "epsilon_origin": report.get("epsilon_origin"),
        "tau_b": report.get("tau_b", {}).get("value"),
        "swap_consistency": _value(report.get("swap"), "consistent"),
        "four_class_pairs": _value(report.get("four_class"), "pairs"),
        "failed_groups": report["failed_groups"],
        "trained_on_items": report["trained_on"],
        "behind_leader": row["behind"],
        **_ends("behind_leader", row["behind_interval"]),
        "mcnemar_p": row["mcnemar_p"],
    }
    published = {line["k"]: line["value"] for line in report["as_published"]}
    return record | {"as_published_pooled": published.get(None)}


def _value(figures: dict[str, Any] | None, name: str) -> float | None:
    return figures[name]["value"] if figures else None


def _ends(name: str, interval: list[float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
