"""The settings of a training run, checked when made; stored with every checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from modeling.config.enums import (
    AggregationName,
    BackboneName,
    HeadName,
    LossName,
    PrecisionName,
    ScheduleName,
    TieMode,
)
from modeling.config.fields import check_least, check_types, read_fields

_SEEDS = 2**32  # NumPy takes no larger ones


@dataclass(frozen=True, slots=True)
class LossSettings:
    """What is minimised: weights of the ranking, anchor and prior terms."""

    ranking: LossName = LossName.INTEGRATED
    # A sum, because people's overall is one: halving it halves the gaps against the unit noise
    # of the logistic, and the anchored dimensions cannot stretch to make up for it.
    aggregation: AggregationName = AggregationName.SUM
    ties: TieMode = TieMode.DIMENSION
    overall_weight: float = 1.0  # ranking term on the aggregate
    dimension_weight: float = 0.5  # ranking term on each dimension
    anchor_weight: float = 0.5  # ordinal point-wise term; fixes the scale of μ and σ
    identical_weight: float = 0.1  # tie-aware term of pairs equal on every dimension
    spread_prior: float = 0.01  # weak pull of log σ towards 0
    samples: int = 1000  # draws of the as-published Monte-Carlo loss
    tie_factor: float = 5.0  # k of the Rao–Kupper ties in ``bradley_terry_ties``

    def __post_init__(self) -> None:
        """Refuse settings under which there would be no learning."""
        check_types(self)
        weights = (self.overall_weight, self.dimension_weight, self.anchor_weight)
        if min(*weights, self.identical_weight, self.spread_prior) < 0 or sum(weights) == 0:
            raise ValueError("loss weights must not be negative, nor all zero")
        if self.samples < 1 or self.tie_factor <= 1:
            raise ValueError("samples must be positive and tie_factor above 1")


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """Low-rank adaptation of the backbone by peft."""

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    targets: tuple[str, ...] = ()  # module-name endings; empty means the backbone's own choice

    def __post_init__(self) -> None:
        """Refuse empty adapters."""
        check_types(self)
        if self.rank < 1 or self.alpha < 1 or not 0 <= self.dropout < 1:
            raise ValueError("LoRA needs rank >= 1, alpha >= 1 and a dropout in [0, 1)")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that makes a run reproducible besides its data."""

    backbone: BackboneName = BackboneName.COMPACT
    backbone_options: Mapping[str, Any] = field(default_factory=dict)  # passed to its ``create``
    head: HeadName = HeadName.SEPARATE
    head_hidden: tuple[int, ...] = (64,)
    head_dropout: float = 0.0
    ensemble: int = 1  # heads per dimension, trained on different random draws
    loss: LossSettings = field(default_factory=LossSettings)
    seed: int = 0
    epochs: float = 12.0
    max_steps: int = -1  # overrides epochs where positive
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    warmup_ratio: float = 0.05
    schedule: ScheduleName = ScheduleName.COSINE
    groups_per_batch: int = 8  # items of one optimiser step, per process
    gradient_norm: float = 1.0
    precision: PrecisionName = PrecisionName.FP32
    gradient_checkpointing: bool = False
    frozen_parts: tuple[str, ...] = ()  # names among the backbone's ``parts()``
    lora: LoraSettings | None = None
    train_share: float = 1.0  # share of the training items to use, chosen by the seed
    augment: bool = True  # mirror whole items left to right, at random
    evaluations_per_run: int = 6
    patience: int = 0  # evaluations without a better held-out pair NLL before stopping; 0: never
    workers: int = 0  # processes that prepare groups
    threads: int = 0  # torch threads; 0 keeps the default
    keep_checkpoints: int = 2  # of the run's own resumable states
    fsdp: bool = False  # shard parameters over the processes instead of copying them

    def __post_init__(self) -> None:
        """Refuse impossible networks and schedules."""
        check_types(self)
        check_least(self, 0, "weight_decay", "gradient_norm", "patience", "workers", "threads")
        counts = ("ensemble", "groups_per_batch", "evaluations_per_run", "keep_checkpoints")
        check_least(self, 1, *counts)
        if min(self.head_hidden, default=1) < 1 or not 0 <= self.head_dropout < 1:
            raise ValueError("head_hidden needs positive widths and head_dropout must be in [0, 1)")
        if self.epochs <= 0 and self.max_steps <= 0:
            raise ValueError("either epochs or max_steps must be positive")
        if self.learning_rate <= 0 or not 0 <= self.warmup_ratio < 1:
            raise ValueError("learning_rate must be positive and warmup_ratio in [0, 1)")
        if not 0 < self.train_share <= 1:
            raise ValueError(f"train_share must be in (0, 1], not {self.train_share}")
        if not 0 <= self.seed < _SEEDS:
            raise ValueError(f"seed must be in [0, {_SEEDS}), not {self.seed}")

    def to_json(self) -> dict[str, Any]:
        """A plain form for checkpoints and model cards."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read :meth:`to_json`; ``ValueError`` names unknown keys and wrong values."""
        return read_fields(cls, value, "training settings")
