"""The closed lists of names that configurations, files and command lines use."""

from enum import StrEnum


class BackboneName(StrEnum):
    """The encoders that turn an item and its candidates into hidden states."""

    COMPACT = "compact"
    QWEN2_5_VL = "qwen2_5_vl"
    QWEN3_VL = "qwen3_vl"


class HeadName(StrEnum):
    """One head per dimension, or a single one for all (the ablation)."""

    SEPARATE = "separate"
    SHARED = "shared"


class LossName(StrEnum):
    """The ranking losses; see ``modeling.losses`` for their formulas."""

    INTEGRATED = "integrated"
    THURSTONE = "thurstone"
    AS_PUBLISHED = "as_published"
    BRADLEY_TERRY = "bradley_terry"
    BRADLEY_TERRY_TIES = "bradley_terry_ties"
    SQUARED_ERROR = "squared_error"


class AggregationName(StrEnum):
    """How the dimensions' Gaussians become the overall one."""

    MEAN = "mean"
    MIN = "min"
    SUM = "sum"


class TieMode(StrEnum):
    """What an overall tie with differing dimensions teaches."""

    DIMENSION = "dimension"  # each sample supervises the dimension that it is tagged with
    FUSED = "fused"  # both opposite samples go to the overall score, as the paper's rows do
    DROP = "drop"


class PairKind(StrEnum):
    """The kinds of pair that a dataset version carries."""

    STRICT = "strict"
    DISENTANGLED = "disentangled"
    IDENTICAL = "identical"


class Split(StrEnum):
    """The recorded side of a split to which an item belongs."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class ScheduleName(StrEnum):
    """Learning-rate schedules, both after a linear warm-up."""

    COSINE = "cosine"
    CONSTANT = "constant"


class PrecisionName(StrEnum):
    """The backbone's arithmetic; heads and losses always run in fp32."""

    FP32 = "fp32"
    BF16 = "bf16"


class StrategyName(StrEnum):
    """How the next items to rate are chosen."""

    BALD = "bald"
    HARD = "hard"
    RANDOM = "random"
