"""The Qwen backbones behind the common protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Self

import torch
from PIL import Image
from torch import Tensor, nn
from typing_extensions import override

from modeling.backbones.base import Backbone, ItemInputs, PreparedGroup
from modeling.backbones.qwen import groups as fields
from modeling.backbones.qwen.cached import cached_states
from modeling.backbones.qwen.core import QwenCore
from modeling.backbones.qwen.families import QWEN2_5_VL, QWEN3_VL, Family
from modeling.backbones.qwen.files import find_model, loading
from modeling.backbones.qwen.groups import build_plan, common_dimensions, packs
from modeling.backbones.qwen.images import ImageSettings, cut_patches, fit_image
from modeling.backbones.qwen.options import (
    DtypeName,
    QwenOptions,
    build_model,
    empty_model,
    make_config,
    read_config,
    read_image_settings,
)
from modeling.backbones.qwen.packed import packed_states
from modeling.backbones.qwen.prefixes import PrefixMemory
from modeling.backbones.qwen.prompt import candidate_ids, item_ids, rubric_ids
from modeling.backbones.qwen.tokens import PromptTokenizer, token_tensor
from modeling.config import RubricText

# Of every decoder layer and every vision block; Qwen3-VL's vision MLPs have different names.
LORA_TARGETS = (
    *("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
    *("attn.qkv", "attn.proj", "mlp.linear_fc1", "mlp.linear_fc2"),
)
REMEMBERED_RUBRICS = 2


class QwenBackbone(Backbone):
    """One prompt per item: rubric, instruction, source; then each candidate's own branch.

    Training packs the branches into one sequence; inference computes every shared part once
    and keeps its keys and values.
    """

    family: ClassVar[Family]

    def __init__(
        self, core: QwenCore, tokenizer: PromptTokenizer, *, options: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.core = core
        self.tokenizer = tokenizer
        self.hidden_size = core.hidden_size
        self._options = {**options}
        self._max_tokens = int(options["max_tokens"])
        self._max_rows = int(options["max_rows"])
        self._memory = PrefixMemory(capacity=0)
        self.register_load_state_dict_post_hook(_forget)  # type: ignore[no-untyped-call]  # torch

    @classmethod
    @override
    def create(cls, options: Mapping[str, Any]) -> Self:
        """Load ``options['model']``; see :class:`QwenOptions` for the others.

        Raises:
            MissingFilesError: files of the model are not there.
            ValueError: a wrong option, or a damaged file.
        """
        chosen = QwenOptions.from_mapping(options)
        folder = find_model(
            chosen.model, revision=chosen.revision, weights=not chosen.random_weights
        )
        with loading(folder):
            return cls._load(folder, chosen)

    @classmethod
    def _load(cls, folder: Path, chosen: QwenOptions) -> Self:
        config = read_config(cls.family, folder)
        images = read_image_settings(
            config, folder, min_pixels=chosen.least_pixels, max_pixels=chosen.max_pixels
        )
        weights = None if chosen.random_weights else folder
        model = build_model(
            cls.family, config, weights, dtype=chosen.dtype, attention=chosen.attention
        )
        core = QwenCore(cls.family, model, images, dimensions=chosen.max_dimensions)
        return cls(core, PromptTokenizer.read(folder), options=_kept(chosen))

    @classmethod
    @override
    def from_config(cls, config: Mapping[str, Any], assets: Path) -> Self:
        options = config["options"]
        model = empty_model(
            cls.family,
            make_config(cls.family, config["model"]),
            dtype=DtypeName(options["dtype"]),
            attention=options["attention"],
        )
        core = QwenCore(
            cls.family,
            model,
            ImageSettings.from_json(config["images"]),
            dimensions=options["max_dimensions"],
        )
        return cls(core, PromptTokenizer.read(assets), options=options)

    @override
    def config_dict(self) -> dict[str, Any]:
        return {
            "model": self.core.config.to_dict(),
            "images": asdict(self.core.images),
            "options": dict(self._options),
        }

    @override
    def save_assets(self, folder: Path) -> None:
        self.tokenizer.write(folder)

    @override
    def fit_image(self, image: Image.Image) -> Image.Image:
        return fit_image(image, self.core.images)

    @override
    def prepare(self, inputs: ItemInputs, rubric: RubricText) -> PreparedGroup:
        dimensions = len(rubric.dimensions)
        if dimensions > len(self.core.reward_embeddings):
            raise ValueError(
                f"the rubric has {dimensions} dimensions and the backbone "
                f"{len(self.core.reward_embeddings)} reward tokens; raise 'max_dimensions'"
            )
        words = len(self.tokenizer.encode(inputs.instruction))
        if words > self._max_tokens:
            raise ValueError(
                f"item {inputs.item_id!r} has an instruction of {words} tokens; "
                f"'max_tokens' allows {self._max_tokens}"
            )
        settings = self.core.images
        patches, grids = cut_patches(inputs.pictures(self.fit_image), settings)
        source, *counts = (grids.prod(dim=1) // settings.merge_size**2).tolist()
        token = self.core.image_token
        branches = [candidate_ids(self.tokenizer, token, count, dimensions) for count in counts]
        tensors = {
            fields.RUBRIC: token_tensor(
                rubric_ids(self.tokenizer, self.family.system_prompt, rubric)
            ),
            fields.ITEM: token_tensor(item_ids(self.tokenizer, inputs.instruction, token, source)),
            fields.CANDIDATES: token_tensor([index for branch in branches for index in branch]),
            fields.LENGTHS: token_tensor([len(branch) for branch in branches]),
            fields.PATCHES: patches,
            fields.GRIDS: grids,
            fields.DIMENSIONS: torch.tensor(dimensions),
        }
        return PreparedGroup(inputs.item_id, tuple(name for name, _ in inputs.candidates), tensors)

    @override
    def forward(self, groups: Sequence[PreparedGroup]) -> Tensor:
        plans = [build_plan(pack) for pack in packs(groups, self._max_tokens)]
        states: Tensor = self.core(
            lambda core: torch.cat([packed_states(core, plan) for plan in plans])
        )
        return states.view(-1, common_dimensions(groups), self.hidden_size)

    @override
    def score_hidden(self, groups: Sequence[PreparedGroup]) -> Tensor:
        with torch.no_grad():
            if self.training:  # gradient checkpointing, if on, would drop the cache
                states: Tensor = self(groups)
                return states
            plan = build_plan(groups)
            states = self.core(
                lambda core: cached_states(core, plan, max_rows=self._max_rows, memory=self._memory)
            )
        return states.view(-1, common_dimensions(groups), self.hidden_size)

    @override
    def remember_prefixes(self) -> None:
        if not self._memory.capacity:
            self._memory = PrefixMemory(capacity=REMEMBERED_RUBRICS)

    @override
    def train(self, mode: bool = True) -> Self:
        self._memory.clear()
        return super().train(mode)

    @override
    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        self._memory.clear()
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]  # torch is untyped here
        return self

    @override
    def parts(self) -> Mapping[str, nn.Module]:
        return {
            "vision": self.core.model.get_submodule("visual"),
            "text": self.core.model.get_submodule("language_model"),
        }

    @override
    def lora_targets(self) -> tuple[str, ...]:
        return LORA_TARGETS

    @override
    def enable_gradient_checkpointing(self) -> None:
        self.core.model.activation_checkpointing_enable(  # type: ignore[operator]  # untyped
            activation_checkpointing_kwargs={"use_reentrant": False}
        )


class Qwen25VLBackbone(QwenBackbone):
    """Qwen2.5-VL 3B, 7B and 32B, and MiMo-VL, which has the same architecture."""

    family = QWEN2_5_VL


class Qwen3VLBackbone(QwenBackbone):
    """Qwen3-VL dense models."""

    family = QWEN3_VL


def _forget(backbone: nn.Module, _: object) -> None:
    """Loaded weights end what was remembered under the old ones."""
    if isinstance(backbone, QwenBackbone):
        backbone.train(backbone.training)


def _kept(options: QwenOptions) -> dict[str, Any]:
    """The options that a checkpoint needs; where the first weights came from stays as a note."""
    plain = asdict(options)
    return {**plain, "dtype": options.dtype.value}
