"""A published checkpoint's network: its prompts as a tree, and its heads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from modeling.backbones import ItemInputs
from modeling.backbones.qwen.cached import cached_states
from modeling.backbones.qwen.core import QwenCore
from modeling.backbones.qwen.images import cut_patches, fit_image
from modeling.backbones.qwen.plan import Plan, Segment
from modeling.backbones.qwen.prompt import image_ids, turn_start
from modeling.backbones.qwen.tokens import PromptTokenizer, token_tensor
from modeling.released.layout import ReleasedLayout

FIRST_HIDDEN, SECOND_HIDDEN, OUTPUTS, DROPOUT = 1024, 16, 2, 0.05


def rating_head(hidden_size: int) -> nn.Sequential:
    """The published head: three layers to (μ, log σ), fp32."""
    return nn.Sequential(
        nn.Linear(hidden_size, FIRST_HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(FIRST_HIDDEN, SECOND_HIDDEN),
        nn.ReLU(),
        nn.Linear(SECOND_HIDDEN, OUTPUTS),
    )


class ReleasedNetwork(nn.Module):
    """Items in, the heads' outputs out.

    The user's turn is [source image, edited image, text] with one text per head. All prompts of
    an item begin with its source image and a candidate's two prompts also share the edited
    image; both are computed once.
    """

    def __init__(
        self,
        core: QwenCore,
        heads: Sequence[nn.Module],
        tokenizer: PromptTokenizer,
        *,
        layout: ReleasedLayout,
        reward_token: int,
    ) -> None:
        super().__init__()
        if len(heads) != len(layout.prompts):
            raise ValueError(f"{len(heads)} heads for {len(layout.prompts)} prompts")
        self.core = core
        self.heads = nn.ModuleList(heads)
        self.tokenizer = tokenizer
        self.layout = layout
        self.reward_token = reward_token

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions, in the order of the heads."""
        return tuple(prompt.key for prompt in self.layout.prompts)

    def score(self, items: Sequence[ItemInputs]) -> Tensor:
        """Outputs (candidates of all items, D, 2): μ and log σ per head, fp32."""
        with torch.no_grad():
            states = cached_states(self.core, self.plan(items), max_rows=self.layout.max_rows)
            rows = states.view(-1, len(self.heads), states.shape[-1])
            return torch.stack([head(rows[:, i]) for i, head in enumerate(self.heads)], dim=1)

    def plan(self, items: Sequence[ItemInputs]) -> Plan:
        """The tree: a source image per item, an edited image per candidate, a text per head."""
        settings = self.core.images
        fit = partial(fit_image, settings=settings)
        pictures = [picture for item in items for picture in item.pictures(fit)]
        patches, grids = cut_patches(pictures, settings)
        tokens = (grids.prod(dim=1) // settings.merge_size**2).tolist()
        segments: list[Segment] = []
        image = 0
        for item in items:
            self._add_item(segments, item, image, tokens)
            image += 1 + len(item.candidates)
        return Plan(tuple(segments), patches, grids)

    def _add_item(
        self, segments: list[Segment], item: ItemInputs, image: int, tokens: Sequence[int]
    ) -> None:
        start = turn_start(self.tokenizer, self._system_prompt)
        source = len(segments)
        segments.append(
            Segment(token_tensor([*start, *self._show(tokens[image])]), None, images=(image,))
        )
        texts = [
            token_tensor([*self.tokenizer.encode(prompt.text(item.instruction)), self.reward_token])
            for prompt in self.layout.prompts
        ]
        for offset in range(1, len(item.candidates) + 1):
            shown = token_tensor(self._show(tokens[image + offset]))
            edited = len(segments)
            segments.append(Segment(shown, source, images=(image + offset,)))
            segments.extend(Segment(text, edited, reads=1) for text in texts)

    def _show(self, count: int) -> list[int]:
        return image_ids(self.tokenizer, self.core.image_token, count)

    @property
    def _system_prompt(self) -> str:
        chosen = self.layout.system_prompt
        return self.core.family.system_prompt if chosen is None else chosen
