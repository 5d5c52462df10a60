"""The network that a configuration asks for, with frozen parts and adapters in place."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from peft import LoraConfig, LoraModel
from torch import nn

from modeling.backbones import BACKBONES, Backbone
from modeling.config import LoraSettings, RubricText, TrainConfig
from modeling.model import RewardNetwork
from modeling.seeding import seed_everything


@dataclass(frozen=True, slots=True)
class Trainable:
    """A network with what must be undone before it is judged and saved."""

    network: RewardNetwork
    adapter: LoraModel | None
    widened: tuple[tuple[nn.Parameter, torch.dtype], ...]  # weights that learn, and their own types

    def merge(self) -> None:
        """Fold the adapter into the weights, so that checkpoints need no peft; restore types."""
        if self.adapter is not None:
            self.adapter.merge_and_unload()
        for parameter, dtype in self.widened:
            parameter.data = parameter.data.to(dtype)


def build_trainable(config: TrainConfig, rubric: RubricText) -> Trainable:
    """Seeded weights (or pretrained ones), frozen and adapted as configured."""
    seed_everything(config.seed)
    backbone = BACKBONES[config.backbone].create(config.backbone_options)
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
    return Trainable(network, adapter, _widen(network))


def _adapt(backbone: Backbone, settings: LoraSettings) -> LoraModel:
    """Insert low-rank adapters; parameters outside the backbone's parts stay trainable."""
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


def _widen(network: RewardNetwork) -> tuple[tuple[nn.Parameter, torch.dtype], ...]:
    """Make all that learns fp32: AdamW's steps are smaller than what bf16 can add to a weight."""
    narrow = [p for p in network.parameters() if p.requires_grad and p.dtype != torch.float32]
    widened = tuple((parameter, parameter.dtype) for parameter in narrow)
    for parameter in narrow:
        parameter.data = parameter.data.float()
    return widened
