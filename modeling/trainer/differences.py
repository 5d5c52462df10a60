"""The table of an ablation; two ways are compared repeat by repeat: same data, same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from analytics.t_intervals import t_reach
from modeling.trainer.ablation import BASE, Outcome, Row


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The mean of first minus second over repeats that know both, with a 95 % t-interval."""

    mean: float
    low: float | None  # None where fewer than two repeats leave the spread unknown
    high: float | None
    repeats: int


def paired_change(
    first: Sequence[float | None], second: Sequence[float | None]
) -> PairedChange | None:
    """Compare two figures, repeat by repeat; ``None`` if no repeat knows both.

    The interval speaks for new repeats (other data of the same kind and other seeds) under normal
    differences. Raises ``ValueError`` for sequences of different lengths.
    """
    both = zip(first, second, strict=True)
    changes = [one - two for one, two in both if one is not None and two is not None]
    if not changes:
        return None
    mean = fmean(changes)
    if len(changes) == 1:
        return PairedChange(mean, None, None, 1)
    margin = t_reach(stdev(changes), len(changes) - 1) / len(changes) ** 0.5
    return PairedChange(mean, mean - margin, mean + margin, len(changes))


def summarise(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """One row per variant: every figure's mean and deviation over the seeds.

    ``change`` is the variant minus the base, paired by seed; ``None`` where there is no base.
    """
    rows: dict[Row, list[Outcome]] = {}
    for outcome in outcomes:
        key = (outcome.variant.axis, outcome.variant.name)
        rows.setdefault(key, []).append(outcome)
    return [
        {
            "axis": row[0],
            "name": row[1],
            "seeds": len(found),
            "figures": {
                name: {**each, "change": change(outcomes, figure=name, of=row, against=BASE)}
                for name, each in _spread(found).items()
            },
        }
        for row, found in rows.items()
    ]


def _spread(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    summary: dict[str, dict[str, Any]] = {}
    for name in outcomes[0].figures:
        values = [each.figures.get(name) for each in outcomes]
        known = [value for value in values if value is not None]
        summary[name] = {
            "mean": fmean(known) if known else None,
            "sd": stdev(known) if len(known) > 1 else None,
        }
    return summary


def change(
    outcomes: Sequence[Outcome], *, figure: str, of: Row, against: Row
) -> PairedChange | None:
    """One row minus another in a figure, paired by seed; ``None`` where they share no seed."""
    first, second = (_by_seed(outcomes, row, figure) for row in (of, against))
    seeds = sorted(set(first) & set(second))
    return paired_change([first[seed] for seed in seeds], [second[seed] for seed in seeds])


def _by_seed(outcomes: Sequence[Outcome], row: Row, figure: str) -> dict[int, float | None]:
    return {
        each.seed: each.figures.get(figure)
        for each in outcomes
        if (each.variant.axis, each.variant.name) == row
    }
