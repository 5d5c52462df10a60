"""Training the same data in several ways and comparing: which choice matters how much."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from modeling.config import (
    OVERALL,
    AggregationName,
    HeadName,
    LossName,
    LossSettings,
    TieMode,
    TrainConfig,
)
from modeling.trainer.card import FACTS_FILE
from modeling.trainer.run import train

Figures = Mapping[str, float | None]
DATA_SHARES = (0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of an ablation table."""

    axis: str
    name: str
    config: TrainConfig


@dataclass(frozen=True, slots=True)
class Outcome:
    """A variant trained with one seed."""

    variant: Variant
    seed: int
    seconds: float
    figures: Figures


def standard_variants(base: TrainConfig) -> list[Variant]:
    """The axes of the EditReward paper's Tables 6, 7 and 10 around a base configuration.

    The loss axis drops the ordinal anchor, so that σ learns from the ranking loss alone; the
    base itself, with the anchor, is its row ``base``.
    """
    return [
        Variant("base", "base", base),
        *_losses(base),
        *_recipes(base),
        Variant("head", HeadName.SHARED.value, replace(base, head=HeadName.SHARED)),
        *(
            Variant("aggregation", name.value, _with_loss(base, aggregation=name))
            for name in AggregationName
            if name is not base.loss.aggregation
        ),
        *(
            Variant("ties", mode.value, _with_loss(base, ties=mode))
            for mode in TieMode
            if mode is not base.loss.ties
        ),
        *(
            Variant("data", f"{share:.0%}", replace(base, train_share=share))
            for share in DATA_SHARES
        ),
        Variant("backbone", "half", replace(base, backbone_options=_half(base))),
    ]


def _losses(base: TrainConfig) -> list[Variant]:
    return [
        Variant("loss", name.value, _with_loss(base, ranking=name, anchor_weight=0.0))
        for name in LossName
    ]


def _recipes(base: TrainConfig) -> list[Variant]:
    """What the public trainers do: fused scores alone, with ties as two opposite rows."""
    published = LossSettings(
        ranking=LossName.AS_PUBLISHED,
        ties=TieMode.FUSED,
        dimension_weight=0.0,
        anchor_weight=0.0,
        identical_weight=0.0,
        spread_prior=0.0,
    )
    return [Variant("recipe", "published", replace(base, loss=published))]


def _with_loss(base: TrainConfig, **changes: Any) -> TrainConfig:  # noqa: ANN401  # fields differ
    return replace(base, loss=replace(base.loss, **changes))


def _half(base: TrainConfig) -> dict[str, Any]:
    """The compact backbone with half the channels."""
    channels = base.backbone_options.get("channels", (32, 64, 96, 128))
    return {**base.backbone_options, "channels": tuple(max(8, width // 2) for width in channels)}


def run_ablation(
    variants: Iterable[Variant],
    *,
    data: Path,
    folder: Path,
    seeds: Sequence[int],
    measure: Callable[[Path], Figures] = lambda _checkpoint: {},
) -> list[Outcome]:
    """Train every variant with every seed, below ``folder``.

    ``measure`` may add figures of a finished checkpoint to those of its card.
    """
    outcomes = []
    for variant in variants:
        for seed in seeds:
            began = time.perf_counter()
            output = folder / f"{variant.axis}-{variant.name}-{seed}".replace("%", "")
            checkpoint = train(
                replace(variant.config, seed=seed), data=data, output=output
            ).checkpoint
            figures = {**card_figures(checkpoint), **measure(checkpoint)}
            seconds = time.perf_counter() - began
            outcomes.append(Outcome(variant, seed, seconds, figures))
    return outcomes


def card_figures(checkpoint: Path) -> dict[str, float | None]:
    """The headline figures of a model card."""
    facts = json.loads((checkpoint / FACTS_FILE).read_text(encoding="utf-8"))["evaluation"]
    figures: dict[str, float | None] = {}
    for key, scale in facts["accuracy"].items():
        counts = scale["strict"]["share"]
        figures[f"accuracy_{key}"] = counts["correct"] / max(counts["total"], 1)
    reliability = facts["reliability"][OVERALL]
    if reliability is not None:
        figures["nll"] = reliability["nll"]["value"]
        figures["ece"] = reliability["ece"]
    for key, spread in facts["spread"].items():
        figures[f"sigma_spearman_{key}"] = spread["against_human_sd"]["value"]
    return figures


def summarise(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """One row per variant: mean and standard deviation of every figure over the seeds."""
    rows: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        key = (outcome.variant.axis, outcome.variant.name)
        rows.setdefault(key, []).append(outcome)
    return [
        {"axis": axis, "name": name, "seeds": len(found), "figures": _spread(found)}
        for (axis, name), found in rows.items()
    ]


def _spread(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | None]]:
    summary: dict[str, dict[str, float | None]] = {}
    for name in outcomes[0].figures:
        values = [each.figures.get(name) for each in outcomes]
        known = [value for value in values if value is not None]
        summary[name] = {
            "mean": fmean(known) if known else None,
            "sd": stdev(known) if len(known) > 1 else None,
        }
    return summary
