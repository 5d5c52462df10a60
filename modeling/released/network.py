"""A published checkpoint's network: its prompts as a tree, and its heads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from modeling.backbones import ItemInputs
from modeling.backbones.qwen.cached import cached_states
from modeling.backbones.qwen.core import QwenCore
from modeling.backbones.qwen.images import cut_patches
from modeling.backbones.qwen.plan import Plan, Segment
from modeling.backbones.qwen.tokens import token_tensor
from modeling.released.fitting import ImageFitting
from modeling.released.layout import ReleasedLayout
from modeling.released.prompting import PromptPieces, PromptWriter
from modeling.released.wording import RatingPrompt


class ReleasedNetwork(nn.Module):
    """Items in, the heads' outputs out.

    The user's turn is [source image, edited image, text] with one text per head. What prompts of
    an item begin with alike is computed once: under the usual templates its source image, and a
    candidate's edited image for both of its prompts.
    """

    def __init__(
        self,
        core: QwenCore,
        heads: Sequence[nn.Module],
        writer: PromptWriter,
        fitting: ImageFitting,
        *,
        layout: ReleasedLayout,
    ) -> None:
        super().__init__()
        if len(heads) != len(layout.prompts):
            raise ValueError(f"{len(heads)} heads for {len(layout.prompts)} prompts")
        self.core = core
        self.heads = nn.ModuleList(heads)
        self.writer = writer
        self.fitting = fitting
        self.layout = layout

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions, in the order of the heads."""
        return tuple(prompt.key for prompt in self.layout.prompts)

    @property
    def shares_head(self) -> bool:
        """Whether one head answers several prompts."""
        return len(set(map(id, self.heads))) < len(self.heads)

    def score(self, items: Sequence[ItemInputs]) -> Tensor:
        """Outputs (candidates of all items, D, 2): μ and log σ per head, fp32."""
        with torch.no_grad():
            states = cached_states(self.core, self.plan(items), max_rows=self.layout.max_rows)
            rows = states.view(-1, len(self.heads), states.shape[-1])
            return torch.stack([head(rows[:, i]) for i, head in enumerate(self.heads)], dim=1)

    def plan(self, items: Sequence[ItemInputs]) -> Plan:
        """The tree: a source image per item, an edited image per candidate, a text per head."""
        settings = self.fitting.settings
        pictures = [picture for item in items for picture in item.pictures(self.fitting)]
        patches, grids = cut_patches(pictures, settings)
        tokens = (grids.prod(dim=1) // settings.merge_size**2).tolist()
        tree = _Tree(self.core.image_token, tokens)
        image = 0
        for item in items:
            pieces = [self._pieces(prompt, item) for prompt in self.layout.prompts]
            edits = range(image + 1, image + 1 + len(item.candidates))
            for edited in edits:
                for each in pieces:
                    tree.add(each, image, edited)
            image = edits.stop
        return Plan(tuple(tree.segments), patches, grids)

    def _pieces(self, prompt: RatingPrompt, item: ItemInputs) -> PromptPieces:
        try:
            return self.writer.pieces(prompt, item.instruction)
        except ValueError as error:
            raise ValueError(f"item {item.item_id!r}: {error}") from error


class _Tree:
    """Segments of a plan, each beginning that prompts have in common once."""

    def __init__(self, image_token: int, tokens: Sequence[int]) -> None:
        self.segments: list[Segment] = []
        self._image_token = image_token
        self._tokens = tokens  # of each image
        self._known: dict[tuple[int | None, int, tuple[int, ...]], int] = {}

    def add(self, pieces: PromptPieces, source: int, edited: int) -> None:
        """One prompt about two images, by their indices."""
        shown = self._show(pieces.before, None, source)
        both = self._show(pieces.between, shown, edited)
        self.segments.append(Segment(token_tensor([*pieces.after]), both, reads=1))

    def _show(self, text: tuple[int, ...], parent: int | None, image: int) -> int:
        key = parent, image, text
        if key not in self._known:
            self._known[key] = len(self.segments)
            ids = token_tensor([*text, *[self._image_token] * self._tokens[image]])
            self.segments.append(Segment(ids, parent, images=(image,)))
        return self._known[key]
