"""The compact backbone's image encoder: a convolution steered by the instruction."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class FilmBlock(nn.Module):
    """Normalise, then scale and shift each channel as the text says.

    Source: Perez et al. 2018, "FiLM: visual reasoning with a general conditioning layer".
    """

    def __init__(self, *, channels: int, text_size: int, groups: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)
        self.film = nn.Linear(text_size, 2 * channels)

    @override
    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        """(N, channels, H, W) and (N, text_size) to the same shape."""
        scale, shift = self.film(text).unsqueeze(-1).unsqueeze(-1).chunk(2, dim=1)
        return functional.silu(torch.addcmul(shift, self.norm(image), 1 + scale))


class PairStem(nn.Module):
    """The first convolution, over source, edit, their difference and its magnitude stacked.

    A convolution is linear, so the whole stack is never built: the source's part is computed once
    per item and shared by its candidates.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        stacked = nn.Conv2d(12, channels, 3, bias=False)
        self.weight = stacked.weight  # source, edit, edit - source, |edit - source|

    @override
    def forward(self, sources: Tensor, edits: Tensor, item: Tensor) -> Tensor:
        """Sources (G, 3, S, S), edits (N, 3, S, S), item (N,) to (N, channels, S/2, S/2)."""
        source, edit, difference, size = self.weight.chunk(4, dim=1)
        own = functional.conv2d(
            torch.cat([edits, (edits - sources[item]).abs()], dim=1),
            torch.cat([edit + difference, size], dim=1),
            stride=2,
            padding=1,
        )
        shared = functional.conv2d(sources, source - difference, stride=2, padding=1)
        return own + shared[item]


class FilmEncoder(nn.Module):
    """Four FiLM-conditioned convolutions, each of which halves the resolution."""

    def __init__(self, *, channels: tuple[int, ...], text_size: int) -> None:
        super().__init__()
        self.stem = PairStem(channels[0])
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False)
            for before, after in pairwise(channels)
        )
        self.films = nn.ModuleList(
            FilmBlock(channels=width, text_size=text_size, groups=8) for width in channels
        )
        self.output_size = 2 * sum(channels[-2:])

    @override
    def forward(self, sources: Tensor, edits: Tensor, item: Tensor, text: Tensor) -> Tensor:
        """See :class:`PairStem`; text (N, text_size) to (N, output_size).

        The last two resolutions are pooled: fine artefacts die out in the coarsest one.
        """
        image = self.films[0](self.stem(sources, edits, item), text)
        pooled = []
        for convolution, film in zip(self.convolutions, self.films[1:], strict=True):
            image = film(convolution(image), text)
            pooled.append(torch.cat([image.mean(dim=(2, 3)), image.amax(dim=(2, 3))], dim=1))
        return torch.cat(pooled[-2:], dim=1)
