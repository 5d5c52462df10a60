"""The network that a configuration asks for, with frozen parts and adapters in place."""

from __future__ import annotations

from dataclasses import dataclass

from peft import LoraConfig, LoraModel
from torch import nn

from modeling.backbones import BACKBONES, Backbone
from modeling.config import LoraSettings, RubricText, TrainConfig
from modeling.model import RewardNetwork
from modeling.seeding import seed_everything


@dataclass(frozen=True, slots=True)
class Trainable:
    """A network and, under LoRA, the adapter that must be merged before it is saved."""

    network: RewardNetwork
    adapter: LoraModel | None

    def merge(self) -> None:
        """Fold the adapter into the weights, so that checkpoints need no peft."""
        if self.adapter is not None:
            self.adapter.merge_and_unload()


def build_trainable(config: TrainConfig, rubric: RubricText) -> Trainable:
    """Seeded weights (or pretrained ones), frozen and adapted as configured."""
    seed_everything(config.seed)
    backbone = _create(config)
    network = RewardNetwork(
        backbone,
        rubric=rubric,
        head=config.head,
        head_hidden=config.head_hidden,
        head_dropout=config.head_dropout,
        ensemble=config.ensemble,
    )
    if config.gradient_checkpointing:
        backbone.enable_gradient_checkpointing()
    adapter = None if config.lora is None else _adapt(backbone, config.lora)
    _freeze(backbone, config.frozen_parts)
    return Trainable(network, adapter)


def _create(config: TrainConfig) -> Backbone:
    try:
        return BACKBONES[config.backbone].create(config.backbone_options)
    except TypeError as error:  # an option that the backbone does not have, or of a wrong type
        raise ValueError(f"backbone_options of {config.backbone.value}: {error}") from error


def _adapt(backbone: Backbone, settings: LoraSettings) -> LoraModel:
    """Insert low-rank adapters; whatever lies outside the backbone's parts stays trainable."""
    kept = _outside_parts(backbone)
    adapter = LoraModel(
        backbone,
        LoraConfig(
            r=settings.rank,
            lora_alpha=settings.alpha,
            lora_dropout=settings.dropout,
            target_modules=list(settings.targets or backbone.lora_targets()),
        ),
        "default",
    )
    for parameter in kept:
        parameter.requires_grad = True
    return adapter


def _outside_parts(backbone: Backbone) -> list[nn.Parameter]:
    inside = {id(p) for part in backbone.parts().values() for p in part.parameters()}
    return [p for p in backbone.parameters() if id(p) not in inside]


def _freeze(backbone: Backbone, names: tuple[str, ...]) -> None:
    parts = backbone.parts()
    for name in names:
        if name not in parts:
            raise ValueError(f"no part {name!r} to freeze; there are {', '.join(parts)}")
        for parameter in parts[name].parameters():
            parameter.requires_grad = False
