"""Choosing a benchmark's groups, and saying what was eligible and what is missing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analytics.benchmark.builder import Benchmark as BuiltGroups
from analytics.benchmark.builder import build_benchmark
from analytics.benchmark.eligibility import PAIR, Exclusion
from annotation_app.enums import BuildState, Split
from annotation_app.models import Snapshot, SnapshotItem
from annotation_app.selectors.exports.items import rubric_dimensions
from annotation_app.services.benchmarks.groups import (
    BENCHMARK,
    CALIBRATION,
    ItemFacts,
    group_to_json,
)
from annotation_app.services.benchmarks.items import RatedItem, rated_items
from annotation_app.services.benchmarks.plans import BenchmarkChoices, scale_middle

Progress = Callable[[int, int, str], None]

OTHER_CATEGORY = "other_category"
EXTERNAL = "in_external_set"
RELEASED = "released_for_training"
REASONS = {
    Exclusion.NOT_RANDOM_DESIGN.value: gettext_lazy(
        "rated by enough people, but not randomly assigned"
    ),
    Exclusion.TOO_FEW_CANDIDATES.value: gettext_lazy("fewer than two candidates"),
    Exclusion.TOO_FEW_RATERS.value: gettext_lazy("rated by too few people"),
    Exclusion.MISSING_SCORE.value: gettext_lazy("a score is missing (cannot judge)"),
    Exclusion.BYTE_IDENTICAL.value: gettext_lazy("two candidates are identical images"),
    OTHER_CATEGORY: gettext_lazy("in a category that was not requested"),
    EXTERNAL: gettext_lazy("already in a benchmark or external set"),
    RELEASED: gettext_lazy("already released for training by a dataset version"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen groups as JSON, and the facts about what was eligible."""

    groups: list[dict[str, Any]]
    facts: dict[str, Any]

    @property
    def is_complete(self) -> bool:
        return not self.facts["missing"]


def choose_groups(snapshot: Snapshot, choices: BenchmarkChoices, progress: Progress) -> Choice:
    """Choose the groups of a benchmark, then those for calibration among the other items.

    The same snapshot and choices give the same groups.
    """
    dimensions = rubric_dimensions(snapshot.rubric)
    middle = scale_middle(snapshot.rubric)
    rated, barred = _admitted(snapshot, choices, progress)
    known = {one.checked.item_id: one.item for one in rated}
    built = build_benchmark([one.checked for one in rated], dimensions, choices.plan(middle))
    groups = _to_json(built, known, BENCHMARK)
    taken = {group["item_id"] for group in groups}
    if choices.calibration_pairs:
        others = [one.checked for one in rated if one.checked.item_id not in taken]
        plan = choices.plan(middle, {PAIR: choices.calibration_pairs})
        groups += _to_json(build_benchmark(others, dimensions, plan), known, CALIBRATION)
    excluded = barred + Counter(reason.value for reason in built.excluded.values())
    facts = {
        "items": len(rated) + barred.total(),
        "eligible": len(rated) - len(built.excluded),
        "excluded": dict(sorted(excluded.items())),
        "found": {str(k): count for k, count in built.per_k.items()},
        "missing": {str(k): count for k, count in built.missing.items()},
        "calibration": sum(group["part"] == CALIBRATION for group in groups),
    }
    return Choice(groups, facts)


def describe_shortage(facts: dict[str, Any], raters: int) -> str:
    """One paragraph: which groups are missing, how many items could serve, and why others not."""
    missing = ", ".join(
        ngettext(
            "%(count)s group of %(k)s candidates",
            "%(count)s groups of %(k)s candidates",
            count,
        )
        % {"count": f"{count:,}", "k": k}
        for k, count in sorted(facts["missing"].items())
    )
    texts = [
        _("Too few eligible items. Missing: %(missing)s.") % {"missing": missing},
        _(
            "%(eligible)s of %(items)s rated items are eligible: they have %(raters)s "
            "raters of random design and no missing score."
        )
        % {
            "eligible": f"{facts['eligible']:,}",
            "items": f"{facts['items']:,}",
            "raters": raters,
        },
    ]
    texts += [f"{count:,}: {REASONS[reason]}." for reason, count in facts["excluded"].items()]
    texts.append(
        _(
            "Groups of three and four also need as many different overall scores as "
            "candidates. Raise the overlap, ask for fewer groups, or accept what is "
            "available."
        )
    )
    return " ".join(texts)


def _admitted(
    snapshot: Snapshot, choices: BenchmarkChoices, progress: Progress
) -> tuple[list[RatedItem], Counter[str]]:
    """The items that the choices let in, and how many they keep out by reason."""
    names = rubric_dimensions(snapshot.rubric).names
    released = _released(snapshot) if choices.unreleased_only else frozenset()
    barred: Counter[str] = Counter()
    admitted = []
    for one in rated_items(snapshot, names, raters=choices.raters, progress=progress):
        if choices.categories and one.checked.category not in choices.categories:
            barred[OTHER_CATEGORY] += 1
        elif one.is_external:
            barred[EXTERNAL] += 1
        elif one.item.facts["item_id"] in released:
            barred[RELEASED] += 1
        else:
            admitted.append(one)
    return admitted, barred


def _released(snapshot: Snapshot) -> frozenset[str]:
    """Items of the collection that a ready dataset version has given to training."""
    rows = SnapshotItem.objects.filter(
        campaign_item__item__collection=snapshot.campaign.collection_id,
        split=Split.TRAIN,
        snapshot__versions__state=BuildState.READY,
    )
    return frozenset(rows.values_list("campaign_item__item__external_id", flat=True).distinct())


def _to_json(built: BuiltGroups, known: dict[str, ItemFacts], part: str) -> list[dict[str, Any]]:
    return [group_to_json(group, known[group.item_id], part) for group in built.groups]
