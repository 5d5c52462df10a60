"""The published layout on the same weights: one prompt per candidate and dimension, nothing shared.

Used by the reward model's speed study alone. Each prompt is [source, edited, text], run by
transformers' own model as it stands, with the published head on every position of which the last
one counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import Qwen2_5_VLConfig
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLModel

from modeling.backbones import ItemInputs
from modeling.backbones.qwen.backbone import QwenBackbone
from modeling.backbones.qwen.images import cut_patches, fit_image, normalise
from modeling.backbones.qwen.prompt import image_ids, turn_start
from modeling.config import RubricText
from modeling.released.network import rating_head


class PlainLayout:
    """Scores (candidate, dimension) prompts one batch per dimension, as the published code does."""

    def __init__(self, backbone: QwenBackbone, rubric: RubricText) -> None:
        self.core = backbone.core
        self.model = stock_model(backbone)
        self.heads = [
            rating_head(backbone.hidden_size).to(self.core.device).eval() for _ in rubric.keys
        ]
        self.tokenizer = backbone.tokenizer
        self.rubric = rubric

    def outputs(self, item: ItemInputs, candidates: Sequence[int]) -> Tensor:
        """The heads' (μ, log σ) outputs (candidates, D, 2) for some candidates of an item."""
        settings = self.core.images
        pictures = [item.candidates[index][1] for index in candidates]
        shown = [fit_image(each, settings) for edit in pictures for each in (item.source, edit)]
        patches, grids = cut_patches(shown, settings)
        device = self.core.device
        pixels = normalise(patches.to(device), settings)
        per_dimension = [
            self._forward(text, head, pixels, grids.to(device))
            for text, head in zip(self._texts(item), self.heads, strict=True)
        ]
        return torch.stack(per_dimension, dim=1)

    def _texts(self, item: ItemInputs) -> list[str]:
        return [f"{each.text} {item.instruction} w1" for each in self.rubric.dimensions]

    def _forward(self, text: str, head: nn.Module, pixels: Tensor, grids: Tensor) -> Tensor:
        token = self.core.image_token
        count = int(grids[0].prod()) // self.core.images.merge_size**2
        image = image_ids(self.tokenizer, token, count)
        start = turn_start(self.tokenizer, self.core.family.system_prompt)
        ids = [*start, *image, *image, *self.tokenizer.encode(text)]
        batch = torch.tensor([ids] * (len(grids) // 2), device=self.core.device)
        output = self.model(
            input_ids=batch,
            attention_mask=torch.ones_like(batch),
            pixel_values=pixels,
            image_grid_thw=grids,
            mm_token_type_ids=(batch == token).int(),
            use_cache=False,
        )
        every: Tensor = head(output.last_hidden_state.float())
        return every[:, -1]


def stock_model(backbone: QwenBackbone) -> nn.Module:
    """The backbone's weights in transformers' untouched model."""
    core = backbone.core
    if not isinstance(core.config, Qwen2_5_VLConfig):
        raise TypeError("the published layout is timed on Qwen2.5-VL only")
    model: nn.Module = Qwen2_5_VLModel(core.config)
    model.to(core.device, core.reward_embeddings.dtype)
    model.load_state_dict(core.model.state_dict())
    return model.eval()
