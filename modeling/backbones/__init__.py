"""Encoders behind one protocol; rooms above reach them through ``BACKBONES`` alone."""

from collections.abc import Mapping

from modeling.backbones.base import Backbone, ItemInputs, PreparedGroup
from modeling.backbones.compact import CompactBackbone
from modeling.backbones.qwen.backbone import Qwen3VLBackbone, Qwen25VLBackbone
from modeling.config import BackboneName

BACKBONES: Mapping[BackboneName, type[Backbone]] = {
    BackboneName.COMPACT: CompactBackbone,
    BackboneName.QWEN2_5_VL: Qwen25VLBackbone,
    BackboneName.QWEN3_VL: Qwen3VLBackbone,
}

__all__ = ["BACKBONES", "Backbone", "ItemInputs", "PreparedGroup"]
