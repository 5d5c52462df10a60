"""The compact backbone's image encoder: a convolution steered by the instruction."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

NORM_GROUPS = 8
_HALF = 127.5  # half of the range of a byte


class FilmBlock(nn.Module):
    """Normalise, then scale and shift each channel as the text says.

    Source: Perez et al. 2018, "FiLM: visual reasoning with a general conditioning layer".
    """

    def __init__(self, *, channels: int, text_size: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(NORM_GROUPS, channels)
        self.film = nn.Linear(text_size, 2 * channels)

    @override
    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        """(N, channels, H, W) and (N, text_size) to the same shape."""
        scale, shift = self.film(text).unsqueeze(-1).unsqueeze(-1).chunk(2, dim=1)
        return functional.silu(torch.addcmul(shift, self.norm(image), 1 + scale))


class PairStem(nn.Module):
    """A linear map of patches of the source, the edit, their difference and its magnitude.

    Bytes count from -1 to 1. The map is linear, so the four are never stacked: the source's part is
    computed once per item and shared by its candidates, and bytes become numbers in the weights.
    """

    def __init__(self, *, channels: int, values: int) -> None:
        super().__init__()
        # Columns: source, edit, edit - source, |edit - source|.
        self.weight = nn.Linear(4 * values, channels, bias=False).weight

    @override
    def forward(self, sources: Tensor, edits: Tensor, item: Tensor) -> Tensor:
        """Bytes (G, P, values) and (N, P, values), item (N,), to (N, P, channels)."""
        source, edit, difference, size = (self.weight / _HALF).chunk(4, dim=1)
        # index_select, because the gradient of [item] is gathered one row after another.
        shared = _map_each(sources, source - difference) - _HALF * (source + edit).sum(dim=1)
        own = _map_each(edits, edit + difference) + shared.index_select(0, item)
        apart = _distance(edits, sources.index_select(0, item))
        return torch.baddbmm(own, apart.float(), _each(size, apart))


def _distance(first: Tensor, second: Tensor) -> Tensor:
    """|first - second| of bytes, which are unsigned."""
    return torch.maximum(first, second).sub_(torch.minimum(first, second))


def _map_each(patches: Tensor, weight: Tensor) -> Tensor:
    """(N, P, values) and (channels, values) to (N, P, channels).

    As N products: the weight's gradient over all N · P rows at once would run on one core.
    """
    return torch.bmm(patches.float(), _each(weight, patches))


def _each(weight: Tensor, patches: Tensor) -> Tensor:
    return weight.t().expand(len(patches), -1, -1)


class FilmStage(nn.Module):
    """A convolution that halves the resolution and a residual one that keeps it."""

    def __init__(self, *, before: int, after: int, text_size: int) -> None:
        super().__init__()
        self.shrink = nn.Conv2d(before, after, 2, stride=2, bias=False)
        self.shrink_film = FilmBlock(channels=after, text_size=text_size)
        self.refine = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.refine_film = FilmBlock(channels=after, text_size=text_size)

    @override
    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        """(N, before, H, W) and (N, text_size) to (N, after, H/2, W/2)."""
        image = self.shrink_film(self.shrink(image), text)
        refined: Tensor = image + self.refine_film(self.refine(image), text)
        return refined


class FilmEncoder(nn.Module):
    """Patches, then FiLM-conditioned stages, each of which halves the resolution."""

    def __init__(self, *, channels: tuple[int, ...], values: int, text_size: int) -> None:
        super().__init__()
        self.stem = PairStem(channels=channels[0], values=values)
        self.patch_film = FilmBlock(channels=channels[0], text_size=text_size)
        self.stages = nn.ModuleList(
            FilmStage(before=before, after=after, text_size=text_size)
            for before, after in pairwise(channels)
        )
        self.output_size = 2 * sum(channels[-2:])

    @override
    def forward(self, sources: Tensor, edits: Tensor, item: Tensor, text: Tensor) -> Tensor:
        """Patches as in :class:`PairStem`, P of a square; text (N, text_size) to (N, output_size).

        The last two resolutions are pooled: fine artefacts die out in the coarsest one.
        """
        grid = self.stem(sources, edits, item).unflatten(1, (math.isqrt(edits.shape[1]), -1))
        image = self.patch_film(grid.permute(0, 3, 1, 2), text)  # channels last in memory
        images = [image]
        for stage in self.stages:
            images.append(stage(images[-1], text))
        last = images[-2:]
        pooled = [torch.cat([each.mean(dim=(2, 3)), each.amax(dim=(2, 3))], 1) for each in last]
        return torch.cat(pooled, dim=1)
