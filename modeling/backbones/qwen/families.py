"""What differs between Qwen2.5-VL and Qwen3-VL, as data."""

from __future__ import annotations

from dataclasses import dataclass

from transformers import PreTrainedConfig, PreTrainedModel
from transformers.models.qwen2_5_vl.configuration_qwen2_5_vl import Qwen2_5_VLConfig
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLModel
from transformers.models.qwen3_vl.configuration_qwen3_vl import Qwen3VLConfig
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLModel

from modeling.config import BackboneName


@dataclass(frozen=True, slots=True)
class Family:
    """One architecture of transformers."""

    name: BackboneName
    config_class: type[PreTrainedConfig]
    model_class: type[PreTrainedModel]
    deepstack: bool  # visual features are added again after the first decoder layers
    system_prompt: str  # what the family's chat template says before the user's turn


QWEN2_5_VL = Family(
    BackboneName.QWEN2_5_VL,
    Qwen2_5_VLConfig,
    Qwen2_5_VLModel,
    deepstack=False,
    system_prompt="You are a helpful assistant.",
)
QWEN3_VL = Family(
    BackboneName.QWEN3_VL, Qwen3VLConfig, Qwen3VLModel, deepstack=True, system_prompt=""
)
FAMILIES = {family.name: family for family in (QWEN2_5_VL, QWEN3_VL)}
