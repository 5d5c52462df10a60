"""Training the same data in several ways and comparing: which choice matters how much."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from analytics.overall import OVERALL
from modeling.backbones.compact import CompactBackbone
from modeling.backbones.film import NORM_GROUPS
from modeling.config import (
    AggregationName,
    BackboneName,
    HeadName,
    LossName,
    LossSettings,
    Split,
    TieMode,
    TrainConfig,
)
from modeling.data import Dataset, read_dataset
from modeling.trainer.card import FACTS_FILE
from modeling.trainer.claiming import PACE
from modeling.trainer.run import train

Figures = Mapping[str, float | None]
Row = tuple[str, str]  # axis and name
BASE: Row = ("base", "base")
DATA_SHARES = (0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of an ablation table."""

    axis: str
    name: str
    config: TrainConfig

    @property
    def folder(self) -> str:
        """What its models' folders begin with."""
        return f"{self.axis}-{self.name}".replace("%", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A variant trained with one seed."""

    variant: Variant
    seed: int
    seconds: float  # of this call: almost zero if the model existed already
    figures: Figures


def standard_variants(base: TrainConfig) -> list[Variant]:
    """The axes of the EditReward paper's Tables 6, 7 and 10 around a base configuration.

    The loss axis drops the ordinal anchor, so that σ learns from the ranking loss alone; the
    base itself, with the anchor, is its row ``base``.
    """
    return [
        Variant(*BASE, base),
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
        *_backbones(base),
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


def _backbones(base: TrainConfig) -> list[Variant]:
    """The compact backbone with half the channels; pretrained ones come in one size each."""
    if base.backbone is not BackboneName.COMPACT:
        return []
    channels = CompactBackbone.create(base.backbone_options).shape.channels
    halved = tuple(NORM_GROUPS * max(1, width // (2 * NORM_GROUPS)) for width in channels)
    options = {**base.backbone_options, "channels": halved}
    return [Variant("backbone", "half", replace(base, backbone_options=options))]


def run_ablation(
    variants: Sequence[Variant],
    *,
    data: Path,
    folder: Path,
    seeds: Sequence[int],
    measure: Callable[[Path], Figures] = lambda _checkpoint: {},
) -> Iterator[Outcome]:
    """Train every variant with every seed, below ``folder``; seed by seed, one at a time.

    A model that an earlier call finished is not trained again, and one that it began is resumed.
    ``measure`` may add figures of a finished checkpoint to those of its card.

    Raises:
        DataError: bad rows, all listed.
        ValueError: two variants of one name, or data without held-out items.
        FileExistsError: there is a model with other settings or data.
    """
    dataset = read_dataset(data)
    _check(variants, dataset)
    for seed, variant in product(seeds, variants):
        began = time.perf_counter()
        config = replace(variant.config, seed=seed)
        output = folder / f"{variant.folder}-{seed}"
        if not _is_finished(output, config, dataset):
            train(config, data=data, output=output)
        figures = {**card_figures(output), **measure(output)}
        yield Outcome(variant, seed, time.perf_counter() - began, figures)


def _check(variants: Sequence[Variant], dataset: Dataset) -> None:
    """Refuse before the first training what would fail after it."""
    names = Counter(variant.folder for variant in variants)
    if repeated := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"several variants are called {', '.join(repeated)}")
    if not any(dataset.split(split) for split in (Split.VALIDATION, Split.TEST)):
        raise ValueError(f"{dataset.folder} has no validation or test items to compare models on")


def _is_finished(output: Path, config: TrainConfig, dataset: Dataset) -> bool:
    """Whether the model is there; ``FileExistsError`` where another one is."""
    if not output.exists():
        return False
    try:
        kept = json.loads((output / FACTS_FILE).read_text(encoding="utf-8"))["config"]
        found = (_wanted(kept["training"]), kept["dataset_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        found = None
    if found == (_wanted(json.loads(json.dumps(config.to_json()))), dataset.sha256):
        return True
    raise FileExistsError(
        f"{output} is not a model of these settings and data; name another folder"
    )


def _wanted(training: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a result depends on."""
    return {key: value for key, value in training.items() if key not in PACE}


def card_figures(checkpoint: Path) -> dict[str, float | None]:
    """The headline figures of a model card."""
    facts = json.loads((checkpoint / FACTS_FILE).read_text(encoding="utf-8"))["evaluation"]
    if facts is None:
        raise ValueError(f"{checkpoint} was not evaluated: the data has no held-out split")
    figures: dict[str, float | None] = {}
    for key, scale in facts["accuracy"].items():
        counts = scale["strict"]["share"]
        total = counts["total"]
        figures[f"accuracy_{key}"] = counts["correct"] / total if total else None
    reliability = facts["reliability"][OVERALL]
    if reliability is not None:
        figures["nll"] = reliability["nll"]["value"]
        figures["ece"] = reliability["ece"]
    for key, spread in facts["spread"].items():
        figures[f"sigma_spearman_{key}"] = spread["against_human_sd"]["value"]
    return figures
