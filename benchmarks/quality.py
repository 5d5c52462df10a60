"""Quality rules on simulated campaigns: who is flagged when, false alarms, CSP-1, facet scores.

40 annotators of whom two answer at random, one rushes and one grows strict half-way, under the
rules of a new campaign. Options: `campaigns` (seeds), `seed`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from analytics.facet.fit import fit_facets
from analytics.raters import sprt
from analytics.raters.cusum import CusumPlan, cusum, plan_for, sequential_ranks
from analytics.raters.panel import rater_panel
from analytics.raters.residuals import item_courses
from analytics.raters.speed import speed_test
from analytics.raters.sprt import SprtPlan, Verdict
from analytics.scales import Scale
from analytics.tables import RatingTable
from benchmarks.ratings.outgoing import outgoing_quality
from benchmarks.targets import Result, Target, at_least, at_most, holds
from tests.factories.moments import moments_of

Floats = NDArray[np.float64]
SCALE = Scale.of([1, 2, 3, 4])
CUTS = np.array([-1.0, 0.0, 1.0])
FULL_ITEMS = 9_557  # the paper's: 66,899 candidates
ITEMS, CANDIDATES, RATERS, PER_UNIT = 3_000, 7, 40, 3
SPAMMERS, SPEEDER, DRIFTER = (0, 1), 2, 3
DRIFT = 1.2
NOISE = 0.6
# Gold passes when every candidate of the item is within one level of its reference.
GOLD_CANDIDATES = 3
# The defaults of a campaign's quality plan.
GOLD_PLAN = SprtPlan()
SPEED_PLAN = speed_test(0.15)
RUN_LENGTH, DIMENSIONS = 20_000.0, 2  # one of the two dimensions is simulated
SPEEDER_SLOW, HONEST_SLOW = 0.6, 0.99
GOLD_ANSWERS = 60
LATEST = 1.6  # times the theory's mean, which neglects the overshoot


@dataclass(frozen=True)
class Made:
    """A campaign and its truth."""

    table: RatingTable
    time: NDArray[np.int64]
    quality: Floats
    severity: Floats


@dataclass(frozen=True)
class Outcome:
    """Which annotators each rule flagged, after how many of its observations."""

    gold: Mapping[int, int]
    speed: Mapping[int, int]
    speed_pause: Mapping[int, int]
    drift: Mapping[int, int]
    drift_shift: float


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Flag planted annotators over several campaigns and compare with the rules' theory."""
    n_campaigns = int(options.get("campaigns", "6" if quick else "20"))
    rng = np.random.default_rng(int(options.get("seed", "20261121")))
    plan = plan_for(RUN_LENGTH * DIMENSIONS)
    outcomes = [_run(_simulate(rng), plan, rng) for _ in range(n_campaigns)]
    figures, targets = _flags(outcomes, plan)
    for found, judged in (_facet(rng, quick=quick), outgoing_quality(rng)):
        figures |= found
        targets += judged
    return Result(figures=figures, targets=targets)


def _simulate(rng: np.random.Generator, items: int = ITEMS) -> Made:
    n_units = items * CANDIDATES
    quality = 0.6 * rng.normal(size=items).repeat(CANDIDATES) + 0.9 * rng.normal(size=n_units)
    severity = 0.3 * rng.normal(size=RATERS)
    order = rng.random((items, RATERS)).argsort(axis=1)[:, :PER_UNIT]
    raters = order.repeat(CANDIDATES, axis=0)
    late = (np.arange(n_units) >= n_units // 2)[:, None] & (raters == DRIFTER)
    seen = quality[:, None] - severity[raters] - DRIFT * late
    level = np.searchsorted(CUTS, seen + NOISE * rng.normal(size=raters.shape))
    random = np.isin(raters, SPAMMERS)
    level[random] = rng.integers(0, len(SCALE), int(random.sum()))
    table = RatingTable.from_indices(
        unit=np.arange(n_units).repeat(PER_UNIT),
        rater=raters.reshape(-1),
        level=level.reshape(-1),
        scale=SCALE,
        unit_item=np.arange(items).repeat(CANDIDATES),
    )
    return Made(table, np.arange(n_units).repeat(PER_UNIT), quality, severity)


def _run(made: Made, plan: CusumPlan, rng: np.random.Generator) -> Outcome:
    gold = {r: _first_pause(_gold_answers(r, rng), GOLD_PLAN) for r in range(RATERS)}
    slow = {r: _slow_enough(r, rng) for r in range(RATERS)}
    speed = {r: _first_pause(slow[r], SPEED_PLAN) for r in range(RATERS)}
    # the first finding is a notice; the second test, begun after it, pauses
    second = {r: _first_pause(slow[r][n:], SPEED_PLAN) for r, n in speed.items() if n}
    courses = item_courses(made.table, made.time)
    drift: dict[int, int] = {}
    for rater in range(RATERS):
        found = cusum(sequential_ranks(courses[rater].residuals), mean=0, deviation=1, plan=plan)
        if found.alarm is not None:
            drift[rater] = found.alarm + 1
    drifting = courses[DRIFTER].residuals
    late = len(drifting) // 2
    early = drifting[:late]
    change = drifting[late:].mean() - early.mean()
    return Outcome(
        {r: n for r, n in gold.items() if n},
        {r: n for r, n in speed.items() if n},
        {r: speed[r] + n for r, n in second.items() if n},
        drift,
        float(abs(change) / early.std(ddof=1)),
    )


def _gold_answers(rater: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each gold item passes: all its candidates within one level of the reference."""
    shape = (GOLD_ANSWERS, GOLD_CANDIDATES)
    quality = rng.normal(size=shape)
    reference = np.searchsorted(CUTS, quality)
    given = np.searchsorted(CUTS, quality + NOISE * rng.normal(size=shape))
    if rater in SPAMMERS:
        given = rng.integers(0, len(SCALE), shape)
    return np.asarray((np.abs(given - reference) <= 1).all(axis=1))


def _slow_enough(rater: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each task took longer than the floor."""
    share = SPEEDER_SLOW if rater == SPEEDER else HONEST_SLOW
    return np.asarray(rng.random(ITEMS * PER_UNIT // RATERS) < share)


def _first_pause(passes: NDArray[np.bool_], plan: SprtPlan) -> int:
    """Number of answers at which the test says bad; zero if never."""
    state = sprt.SprtState()
    for place, passed in enumerate(passes.tolist(), start=1):
        state = sprt.advance(state, plan, passed=passed)
        if state.verdict is Verdict.BAD:
            return place
    return 0


def _flags(outcomes: list[Outcome], plan: CusumPlan) -> tuple[dict[str, object], list[Target]]:
    figures, targets = _false_flags(outcomes, plan)
    fast, paused = (
        _mean([found[SPEEDER] for found in rule if SPEEDER in found])
        for rule in ([o.speed for o in outcomes], [o.speed_pause for o in outcomes])
    )
    per_rater = ITEMS * PER_UNIT // RATERS
    answers = _mean([o.gold[r] for o in outcomes for r in SPAMMERS if r in o.gold])
    delay = _mean([o.drift[DRIFTER] - per_rater // 2 for o in outcomes if DRIFTER in o.drift])
    theory = GOLD_PLAN.expected_answers(_pass_rate_of_guessing())
    fast_theory = SPEED_PLAN.expected_answers(SPEEDER_SLOW)
    delay_theory = plan.average_run_length(_mean([o.drift_shift for o in outcomes]))
    ratios = {
        "gold answers until a spammer is paused, over theory": answers / theory,
        "tasks until the speeder is noticed, over theory": fast / fast_theory,
        "tasks until the speeder is paused, over twice theory": paused / (2 * fast_theory),
        "items until the drift is found, over theory": delay / delay_theory,
    }
    figures |= {
        "gold_answers_until_spammer_paused": answers,
        "gold_answers_by_theory": theory,
        "tasks_until_speeder_noticed": fast,
        "tasks_until_speeder_paused": paused,
        "tasks_until_speeder_by_theory": fast_theory,
        "items_until_drift_found": delay,
        "items_until_drift_by_theory": delay_theory,
    }
    return figures, [
        *_all_caught(outcomes),
        *(at_most(name, ratio, LATEST) for name, ratio in ratios.items()),
        *targets,
    ]


def _all_caught(outcomes: list[Outcome]) -> list[Target]:
    caught = {
        "spammers": [r in o.gold for o in outcomes for r in SPAMMERS],
        "speeder": [SPEEDER in o.speed_pause for o in outcomes],
        "drifter": [DRIFTER in o.drift for o in outcomes],
    }
    return [holds(f"every {name} flagged", met=all(found)) for name, found in caught.items()]


def _false_flags(
    outcomes: list[Outcome], plan: CusumPlan
) -> tuple[dict[str, object], list[Target]]:
    n, bad, per_rater = len(outcomes), {*SPAMMERS, SPEEDER, DRIFTER}, ITEMS * PER_UNIT // RATERS
    false = _mean([len(({*o.gold} | {*o.speed} | {*o.drift}) - bad) for o in outcomes])
    stated = (RATERS - len(bad)) * (
        _false_alarms(GOLD_PLAN, _pass_rate_of_knowing(), GOLD_ANSWERS)
        + _false_alarms(SPEED_PLAN, HONEST_SLOW, per_rater)
        + per_rater / plan.average_run_length()
    )
    figures: dict[str, object] = {
        "campaigns": n,
        "false_alarms_per_campaign": false,
        "false_alarms_stated": stated,
    }
    limit = stated + 3 * float(np.sqrt(stated / n))
    return figures, [at_most("honest annotators flagged per campaign", false, limit)]


def _mean(values: Sequence[float]) -> float:
    """The mean; infinite if there are no values."""
    return float(np.mean(values)) if values else float("inf")


def _false_alarms(plan: SprtPlan, accuracy: float, answers: int) -> float:
    """Pauses of one honest annotator over so many answers, by Wald's theory."""
    return plan.pause_probability(accuracy) * answers / plan.expected_answers(accuracy)


def _pass_rate_of_knowing() -> float:
    """Probability that an honest annotator passes a gold item; large sample, fixed seed."""
    rng = np.random.default_rng(1)
    quality = rng.normal(size=(200_000, GOLD_CANDIDATES))
    given = np.searchsorted(CUTS, quality + NOISE * rng.normal(size=quality.shape))
    near = np.abs(given - np.searchsorted(CUTS, quality)) <= 1
    return float(near.all(axis=1).mean())


def _pass_rate_of_guessing() -> float:
    """Probability that random levels pass a gold item."""
    reference = np.diff(np.concatenate([[0.0], _normal_shares(), [1.0]]))
    near = np.array([2, 3, 3, 2]) / len(SCALE)
    return float(reference @ near) ** GOLD_CANDIDATES


def _normal_shares() -> Floats:
    """Probability of a quality under each cut; large sample, fixed seed."""
    draws = np.random.default_rng(0).normal(size=200_000)
    return np.array([(draws < cut).mean() for cut in CUTS])


def _facet(rng: np.random.Generator, *, quick: bool) -> tuple[dict[str, object], list[Target]]:
    made = _simulate(rng, ITEMS if quick else FULL_ITEMS)
    began = time.perf_counter()
    fit = fit_facets(made.table)
    seconds = time.perf_counter() - began
    honest = np.arange(RATERS) > DRIFTER
    pearson = float(np.corrcoef(fit.severity[honest], made.severity[honest])[0, 1])
    mean = np.bincount(made.table.unit, weights=made.table.values) / PER_UNIT
    orders = {
        "facet": float(spearmanr(fit.score_thousandths, made.quality).statistic),
        "mean": float(spearmanr(mean, made.quality).statistic),
        "majority": float(spearmanr(_majority(made.table), made.quality).statistic),
    }
    began = time.perf_counter()
    rater_panel(moments_of(made.table))
    panel = time.perf_counter() - began
    figures: dict[str, object] = {
        "facet_candidates": made.table.n_units,
        "facet_seconds": seconds,
        "severity_pearson": pearson,
        "spearman_with_truth": orders,
        "panel_seconds_from_ratings": panel,
    }
    return figures, [
        at_most("facet model, seconds", seconds, 10),
        at_least("severity Pearson r", pearson, 0.97),
        at_least("facet over mean, Spearman", orders["facet"] - orders["mean"], 0.0),
        at_least("facet over majority, Spearman", orders["facet"] - orders["majority"], 0.0),
        at_most("all rater panels, seconds", panel, 1),
    ]


def _majority(table: RatingTable) -> NDArray[np.int64]:
    """Most frequent level of each unit, the lower one on ties."""
    counts = np.zeros((table.n_units, len(SCALE)), dtype=np.int64)
    np.add.at(counts, (table.unit, table.level), 1)
    return np.asarray(counts.argmax(axis=1))
