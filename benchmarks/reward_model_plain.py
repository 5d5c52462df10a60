"""The published layout on the same weights: one prompt per candidate and dimension, unshared.

Used by the reward model's speed study alone. Each prompt is [source, edited, text], run by
transformers' unmodified model, with the published head on every position, of which the reward
token's counts. Where the public code wastes more, this does not: it keeps no cache and no graph
while scoring, checkpoints no gradients, and prepares its images the fast way.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor, nn

from benchmarks.reward_model_shapes import words
from modeling.backbones import ItemInputs
from modeling.backbones.qwen.backbone import QwenBackbone
from modeling.backbones.qwen.families import QWEN2_5_VL
from modeling.backbones.qwen.images import cut_patches, fit_image, normalise
from modeling.backbones.qwen.options import DtypeName, empty_model
from modeling.backbones.qwen.prompt import image_ids, turn_start
from modeling.config import RubricText
from modeling.released.heads import rating_head

TRAILING = 8  # tokens after the reward token: the closing line and the turn's end


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
        pictures = [
            each for index in candidates for each in (item.source, item.candidates[index][1])
        ]
        per_dimension = [
            self._forward(text, head, pictures)
            for text, head in zip(self._texts(item), self.heads, strict=True)
        ]
        return torch.stack(per_dimension, dim=1)

    def _texts(self, item: ItemInputs) -> list[str]:
        return [f"{each.text} {item.instruction} w1" for each in self.rubric.dimensions]

    def _forward(self, text: str, head: nn.Module, pictures: list[Image.Image]) -> Tensor:
        """Each dimension's batch is prepared again, starting from its images."""
        settings, token = self.core.images, self.core.image_token
        patches, grids = cut_patches([fit_image(each, settings) for each in pictures], settings)
        count = int(grids[0].prod()) // settings.merge_size**2
        image = image_ids(self.tokenizer, token, count)
        start = turn_start(self.tokenizer, self.core.family.system_prompt)
        question = [*start, *image, *image, *self.tokenizer.encode(text)]
        ids = [*question, *self.tokenizer.encode(words(TRAILING))]
        batch = torch.tensor([ids] * (len(pictures) // 2), device=self.core.device)
        output = self.model(
            input_ids=batch,
            attention_mask=torch.ones_like(batch),
            pixel_values=normalise(patches.to(self.core.device), settings),
            image_grid_thw=grids.to(self.core.device),
            mm_token_type_ids=(batch == token).int(),
            use_cache=False,
        )
        every: Tensor = head(output.last_hidden_state.float())
        return every[:, len(question) - 1]


def stock_model(backbone: QwenBackbone) -> nn.Module:
    """Transformers' untouched model on the backbone's own parameters, which it shares."""
    core = backbone.core
    if core.family is not QWEN2_5_VL:
        raise TypeError("the published layout is timed on Qwen2.5-VL only")
    dtype = next(core.model.parameters()).dtype
    name = DtypeName(str(dtype).removeprefix("torch."))
    model = empty_model(core.family, core.config, dtype=name, attention="sdpa")
    model.load_state_dict(core.model.state_dict(keep_vars=True), assign=True)
    return model.to(core.device).eval()
