"""Encoders behind one protocol; rooms above reach them through ``BACKBONES`` alone."""

from collections.abc import Mapping

from modeling.backbones.base import Backbone, ItemInputs, PreparedGroup
from modeling.backbones.compact import CompactBackbone
from modeling.config import BackboneName

BACKBONES: Mapping[BackboneName, type[Backbone]] = {
    BackboneName.COMPACT: CompactBackbone,
}

__all__ = ["BACKBONES", "Backbone", "ItemInputs", "PreparedGroup"]
