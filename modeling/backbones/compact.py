"""The embedded default backbone: small enough to be trained from scratch on a CPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn.utils import rnn
from torch.utils.checkpoint import checkpoint
from typing_extensions import override

from modeling.backbones.base import Backbone, ItemInputs, PreparedGroup, read_options
from modeling.backbones.film import NORM_GROUPS, FilmEncoder
from modeling.backbones.words import hash_words
from modeling.config import RubricText
from modeling.config.fields import check_least, check_types, read_fields


@dataclass(frozen=True, slots=True)
class CompactShape:
    """Sizes of the compact backbone."""

    pixels: int = 96  # side of the square that images are resized to
    patch: int = 8  # side of the patches that the first layer reads; divides ``pixels``
    channels: tuple[int, ...] = (48, 96)  # of the patches, then of each halved resolution
    word_buckets: int = 4096
    word_size: int = 48
    text_size: int = 64
    max_words: int = 64  # of a text; the rest is not read
    hidden_size: int = 128

    def __post_init__(self) -> None:
        """Refuse shapes that no layer fits."""
        check_types(self)
        check_least(self, 1, "pixels", "patch", "hidden_size", "max_words")
        check_least(self, 1, "word_buckets", "word_size", "text_size")
        if self.pixels % self.patch:
            raise ValueError(f"patches of {self.patch} do not tile {self.pixels} pixels")
        if not self.channels[1:] or any(
            width < 1 or width % NORM_GROUPS for width in self.channels
        ):
            raise ValueError(
                f"channels must be two or more multiples of {NORM_GROUPS}, "
                f"not {list(self.channels)}"
            )
        if self.pixels // self.patch < 2 ** (len(self.channels) - 1):
            raise ValueError(
                f"{self.pixels // self.patch} patches a side cannot be halved "
                f"{len(self.channels) - 1} times: give fewer channels or smaller patches"
            )


class CompactBackbone(Backbone):
    """A FiLM-conditioned convolution over source and edit, with a GRU that reads the text."""

    def __init__(self, shape: CompactShape) -> None:
        super().__init__()
        self.shape = shape
        self.hidden_size = shape.hidden_size
        self.words = nn.Embedding(shape.word_buckets + 1, shape.word_size, padding_idx=0)
        self.reader = nn.GRU(shape.word_size, shape.text_size, batch_first=True)
        self.encoder = FilmEncoder(
            channels=shape.channels, values=3 * shape.patch**2, text_size=shape.text_size
        )
        width = self.encoder.output_size + 2 * shape.text_size
        self.mix = nn.Sequential(nn.Linear(width, shape.hidden_size), nn.SiLU())
        self.checkpointing = False

    @classmethod
    @override
    def create(cls, options: Mapping[str, Any]) -> Self:
        """New weights; ``options`` are fields of :class:`CompactShape`."""
        return cls(read_options(CompactShape, options))

    @classmethod
    @override
    def from_config(cls, config: Mapping[str, Any], assets: Path) -> Self:
        return cls(read_fields(CompactShape, config, "options"))

    @override
    def config_dict(self) -> dict[str, Any]:
        return asdict(self.shape)

    @override
    def fit_image(self, image: Image.Image) -> Image.Image:
        side = self.shape.pixels
        if image.mode == "RGB" and image.size == (side, side):
            return image
        return image.convert("RGB").resize((side, side), Image.Resampling.BOX)

    @override
    def prepare(self, inputs: ItemInputs, rubric: RubricText) -> PreparedGroup:
        edits = torch.stack([self._patches(image) for _, image in inputs.candidates])
        wordings = [self._read(dimension.text) for dimension in rubric.dimensions]
        tensors = {
            "source": self._patches(inputs.source),
            "edits": edits,
            "instruction": self._read(inputs.instruction),
            "dimensions": rnn.pad_sequence(wordings, batch_first=True),
        }
        return PreparedGroup(inputs.item_id, tuple(key for key, _ in inputs.candidates), tensors)

    @override
    def forward(self, groups: Sequence[PreparedGroup]) -> Tensor:
        """See :meth:`Backbone.forward`; ``ValueError`` unless all groups have one rubric."""
        wordings = groups[0].tensors["dimensions"]
        if not all(torch.equal(group.tensors["dimensions"], wordings) for group in groups[1:]):
            raise ValueError("the items of a batch must have one rubric")
        sizes = torch.tensor([group.size for group in groups], device=self._device)
        # Read together: a text costs little beside the steps that the longest one takes.
        texts = self._encode_texts([*(group.tensors["instruction"] for group in groups), *wordings])
        dimensions = texts[len(groups) :]
        item = torch.repeat_interleave(sizes)
        text = texts[item]
        sources = torch.stack([group.tensors["source"] for group in groups])
        edits = torch.cat([group.tensors["edits"] for group in groups])
        if self.checkpointing and self.training:
            seen = checkpoint(self.encoder, sources, edits, item, text, use_reentrant=False)
        else:
            seen = self.encoder(sources, edits, item, text)
        return self._mix(seen, text, dimensions)

    @override
    def parts(self) -> Mapping[str, nn.Module]:
        return {"vision": self.encoder, "text": nn.ModuleList([self.words, self.reader])}

    @override
    def lora_targets(self) -> tuple[str, ...]:
        return ("film", "mix.0")

    @override
    def enable_gradient_checkpointing(self) -> None:
        self.checkpointing = True

    @property
    def _device(self) -> torch.device:
        return self.words.weight.device

    def _mix(self, seen: Tensor, text: Tensor, dimensions: Tensor) -> Tensor:
        rows, count = len(seen), len(dimensions)
        context = torch.cat([seen, text], dim=1).unsqueeze(1).expand(rows, count, -1)
        states: Tensor = self.mix(
            torch.cat([context, dimensions.unsqueeze(0).expand(rows, count, -1)], dim=2)
        )
        return states.float()

    def _encode_texts(self, texts: Sequence[Tensor]) -> Tensor:
        """The GRU's state at each text's last word, (len(texts), text_size)."""
        lengths = torch.tensor([int((text > 0).sum()) for text in texts])
        states, _ = self.reader(self.words(rnn.pad_sequence(list(texts), batch_first=True)))
        rows: Tensor = states[torch.arange(len(texts)), lengths.to(states.device) - 1]
        return rows

    def _read(self, text: str) -> Tensor:
        return hash_words(text, buckets=self.shape.word_buckets, limit=self.shape.max_words)

    def _patches(self, image: Image.Image) -> Tensor:
        """Bytes (P, values): a quarter of the floats' size on the way from the data workers."""
        return cut_patches(np.asarray(self.fit_image(image)), self.shape.patch)


def cut_patches(pixels: NDArray[np.uint8], side: int) -> Tensor:
    """Square patches (P, 3 · side²) of an image (S, S, 3), row by row."""
    grid = len(pixels) // side
    # One void per patch row: NumPy then moves 3 · side bytes at a time instead of one.
    strips = pixels.reshape(grid, side, grid, side * 3).view(np.dtype((np.void, side * 3)))
    patches = np.ascontiguousarray(strips.swapaxes(1, 2)).view(np.uint8)
    return torch.from_numpy(patches.reshape(grid * grid, -1))
