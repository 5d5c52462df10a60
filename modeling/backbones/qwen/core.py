"""The wrapped transformers model: images to features, segments to embeddings, one decoder call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import DynamicCache, PreTrainedConfig
from typing_extensions import override

from modeling.backbones.qwen.families import Family
from modeling.backbones.qwen.grouped import share_keys
from modeling.backbones.qwen.images import ImageSettings, normalise
from modeling.backbones.qwen.last_layer import LastLayer
from modeling.backbones.qwen.plan import Plan, Segment
from modeling.backbones.qwen.positions import (
    PositionLayout,
    segment_positions,
    sequential_positions,
)
from modeling.backbones.qwen.shortcuts import PatchProjection, swap_gated_mlps, swap_norms
from modeling.backbones.qwen.windows import batch_windows

# Images or prompts per pass. A CPU is up to a third faster while each thread's activations stay in
# its cache, an accelerator wants many.
ON_ACCELERATOR, ON_ONE_THREAD = 32, 2
EAGER = "eager"  # the implementation that adds its mask to the scores, whatever its type


def side_by_side(device: torch.device) -> int:
    """How many images or prompts a device should compute in one pass."""
    if device.type != "cpu":
        return ON_ACCELERATOR
    return min(max(torch.get_num_threads(), ON_ONE_THREAD), ON_ACCELERATOR)


@dataclass(frozen=True, slots=True)
class Features:
    """Per image: its tokens' embeddings and, where the family has them, deepstack features."""

    embeddings: tuple[Tensor, ...]  # each (tokens of the image, hidden)
    deepstack: tuple[tuple[Tensor, ...], ...]  # [image][layer]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Decoder input of a batch of rows."""

    embeddings: Tensor  # (rows, tokens, hidden)
    image_mask: Tensor  # (rows, tokens) bool
    deepstack: list[Tensor]  # per layer (image tokens of all rows, hidden)


class QwenCore(nn.Module):
    """A vision tower and a decoder, plus one learned embedding per reward token.

    The reward embeddings are a separate parameter rather than rows of the vocabulary: they train
    while the vocabulary stays frozen, also under LoRA, and are fp32 for any model. ``dimensions``
    is 0 for a model that has its reward token in its vocabulary.
    """

    def __init__(
        self,
        family: Family,
        model: nn.Module,
        images: ImageSettings,
        *,
        dimensions: int,
        layout: PositionLayout = PositionLayout.MULTIMODAL,
    ) -> None:
        super().__init__()
        self.family = family
        self.images = images
        self.layout = layout
        self.model = model
        config = self.config
        layer_types = config.text_config.to_dict().get("layer_types") or []
        if set(layer_types) - {"full_attention"}:
            raise ValueError("sliding-window attention cannot share prefixes; turn it off")
        self.hidden_size = int(config.text_config.hidden_size)
        self.image_token = int(config.image_token_id)
        self.reward_embeddings = nn.Parameter(
            torch.empty(dimensions, self.hidden_size, dtype=torch.float32)
        )
        if dimensions:
            spread = float(config.text_config.initializer_range)
            nn.init.normal_(self.reward_embeddings, std=spread)
        embedding = model.get_submodule("visual.patch_embed")
        embedding.proj = PatchProjection.replacing(_convolution(embedding))
        self.attention = str(config.text_config._attn_implementation)  # noqa: SLF001  # as below
        chosen = config.vision_config._attn_implementation  # noqa: SLF001  # it has no public name
        batch_windows(model.get_submodule("visual"), chosen)
        layers = model.get_submodule("language_model.layers")
        for blocks in (model.get_submodule("visual.blocks"), layers):
            swap_gated_mlps(blocks)
            swap_norms(blocks)
        last = int(config.text_config.num_hidden_layers) - 1
        self._last_layer = LastLayer(layers.get_submodule(str(last)))
        share_keys(layers)

    @property
    def config(self) -> PreTrainedConfig:
        """The transformers configuration."""
        config: PreTrainedConfig = self.model.config  # type: ignore[assignment]  # nn.Module attr
        return config

    @property
    def device(self) -> torch.device:
        """Where the parameters lie."""
        return self.reward_embeddings.device

    @override
    def forward(self, compute: Callable[[QwenCore], Tensor]) -> Tensor:
        """Run a computation; going through here lets FSDP gather the parameters first."""
        return compute(self)

    def features(self, plan: Plan) -> Features:
        """Run the vision tower over all images of a plan."""
        count = side_by_side(self.device)
        found: list[tuple[Tensor, tuple[Tensor, ...]]] = []
        pieces = torch.split(plan.patches, plan.grids.prod(dim=1).tolist())
        for begin in range(0, len(plan.grids), count):
            patches = torch.cat(pieces[begin : begin + count])
            found.extend(self._see(patches, plan.grids[begin : begin + count]))
        return Features(
            tuple(embeddings for embeddings, _ in found), tuple(layers for _, layers in found)
        )

    def _see(self, patches: Tensor, grids: Tensor) -> list[tuple[Tensor, tuple[Tensor, ...]]]:
        """Embeddings and deepstack layers of each of some images."""
        pixels = normalise(patches.to(self.device), self.images)
        output = self.model.get_image_features(  # type: ignore[operator]  # transformers is untyped
            pixels, grids.to(self.device), return_dict=True
        )
        images: tuple[Tensor, ...] = output.pooler_output
        layers = output.deepstack_features if self.family.deepstack else []
        return [(image, tuple(each[i] for each in layers)) for i, image in enumerate(images)]

    def embed(self, rows: Tensor, images: Sequence[int], features: Features) -> Embedded:
        """Embeddings of token rows (rows, tokens) with images and reward tokens filled in."""
        rows = rows.to(self.device)
        vocabulary: nn.Module = self.model.get_input_embeddings()  # type: ignore[operator]  # same
        embeddings: Tensor = vocabulary(rows.clamp(min=0))
        image_mask = rows == self.image_token
        if images:
            shown = torch.cat([features.embeddings[image] for image in images])
            embeddings = embeddings.masked_scatter(
                image_mask[..., None], shown.to(embeddings.dtype)
            )
        if len(self.reward_embeddings):
            rewards = self.reward_embeddings[-1 - rows.clamp(max=-1)].to(embeddings.dtype)
            embeddings = torch.where((rows < 0)[..., None], rewards, embeddings)
        layers = zip(*(features.deepstack[image] for image in images), strict=True)
        deepstack = [torch.cat(layer) for layer in layers]
        return Embedded(embeddings, image_mask, deepstack)

    def positions(self, plan: Plan, index: int, start: int) -> tuple[Tensor, int]:
        """Rotary positions of one segment that begins at ``start``, and its end."""
        segment: Segment = plan.segments[index]
        if self.layout is PositionLayout.SEQUENTIAL:
            return sequential_positions(len(segment), start)
        cells = plan.cells(index, self.images.merge_size)
        return segment_positions(segment.token_ids == self.image_token, cells, start)

    def decode(
        self,
        embedded: Embedded,
        positions: Tensor,
        mask: Tensor | None,
        *,
        cache: DynamicCache | None = None,
        reads: Tensor | None = None,
    ) -> Tensor:
        """States (rows, tokens, hidden) of the decoder; ``positions`` is (3, rows, tokens).

        ``mask`` (rows or 1, 1, tokens, keys) is True, or 0 as against -inf, where a key is seen;
        without a cache ``None`` means causal. ``reads`` (rows, tokens) marks the states that
        the caller will look at; the others are then not finished. None finishes all.
        """
        deepstack = (
            {
                "visual_pos_masks": embedded.image_mask,
                "deepstack_visual_embeds": embedded.deepstack,
            }
            if embedded.deepstack
            else {}
        )
        with self._last_layer.only(reads):
            output = self.model.language_model(  # type: ignore[operator]  # untyped
                inputs_embeds=embedded.embeddings,
                position_ids=positions.to(self.device),
                attention_mask=mask,
                past_key_values=cache,
                use_cache=cache is not None,
                **deepstack,
            )
        states: Tensor = output.last_hidden_state
        return states


def _convolution(embedding: nn.Module) -> nn.Conv3d:
    found = embedding.get_submodule("proj")
    if not isinstance(found, nn.Conv3d) or found.kernel_size != found.stride:
        raise TypeError(f"the patch embedding is a {type(found).__name__}, not a patch convolution")
    return found
