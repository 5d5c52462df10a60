"""The compact backbone's image encoder: a convolution steered by the instruction."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class FilmBlock(nn.Module):
    """Halve the resolution, then scale and shift each channel as the text says.

    Source: Perez et al. 2018, "FiLM: visual reasoning with a general conditioning layer".
    """

    def __init__(self, *, inputs: int, outputs: int, text_size: int, groups: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.norm = nn.GroupNorm(groups, outputs)
        self.film = nn.Linear(text_size, 2 * outputs)

    @override
    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        """(N, inputs, H, W) and (N, text_size) to (N, outputs, H/2, W/2)."""
        scale, shift = self.film(text).unsqueeze(-1).unsqueeze(-1).chunk(2, dim=1)
        return functional.silu(self.norm(self.convolution(image)) * (1 + scale) + shift)


class FilmEncoder(nn.Module):
    """Four FiLM blocks over source, edit and their difference, pooled by mean and maximum."""

    def __init__(self, *, channels: tuple[int, ...], text_size: int) -> None:
        super().__init__()
        widths = (9, *channels)
        self.blocks = nn.ModuleList(
            FilmBlock(inputs=a, outputs=b, text_size=text_size, groups=8)
            for a, b in zip(widths, channels, strict=False)
        )
        self.output_size = 2 * sum(channels[-2:])

    @override
    def forward(self, source: Tensor, edit: Tensor, text: Tensor) -> Tensor:
        """(N, 3, S, S) twice and (N, text_size) to (N, output_size).

        The last two resolutions are pooled: fine artefacts die out in the coarsest one.
        """
        image = torch.cat([source, edit, edit - source], dim=1)
        pooled = []
        for depth, block in enumerate(self.blocks):
            image = block(image, text)
            if depth >= len(self.blocks) - 2:
                pooled += [image.mean(dim=(2, 3)), image.amax(dim=(2, 3))]
        return torch.cat(pooled, dim=1)
