"""Random Qwen2.5-VL models of a given shape and items; used by the reward model's speed study."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers
from transformers import Qwen2_5_VLConfig

from modeling.backbones import ItemInputs
from modeling.config import DimensionText, RubricText

SIDE = 448
CANDIDATES = 7
# Words of text in each published prompt besides the instruction: about 390 tokens of Qwen2.5.
RUBRIC_WORDS = 390
VOCABULARY_WORDS = 2000
CONTROL = (
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "[UNK]",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a Qwen2.5-VL."""

    hidden: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    vision_hidden: int
    vision_layers: int
    vision_heads: int
    vision_inner: int
    full_attention: tuple[int, ...]  # vision layers that look beyond their window
    vocabulary: int = VOCABULARY_WORDS + len(CONTROL)


SHAPES = {
    # A seventh of the 7B model's widths; 8 of its 28 decoder and 8 of its 32 vision layers.
    "small": Shape(512, 8, 4, 1, 2704, 192, 8, 4, 512, (7,)),
    # A quarter of the 3B model's widths, whose vision tower weighs more.
    "small_3b": Shape(512, 8, 8, 2, 2752, 320, 8, 4, 856, (7,)),
    "7b": Shape(3584, 28, 28, 4, 18944, 1280, 32, 16, 3420, (7, 15, 23, 31), 152064),
}


def write_model_folder(folder: Path, shape: Shape) -> Path:
    """Configuration, tokenizer and processor files of a model without weights."""
    folder.mkdir(parents=True, exist_ok=True)
    config(shape).save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    processor = {"image_mean": [0.48, 0.46, 0.41], "image_std": [0.27, 0.26, 0.28]}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


def config(shape: Shape) -> Qwen2_5_VLConfig:
    """Transformers' configuration of a shape; rotary sections keep the published proportion."""
    pairs = shape.hidden // shape.heads // 2
    rows = pairs * 3 // 8
    return Qwen2_5_VLConfig(
        text_config={
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.hidden,
            "intermediate_size": shape.inner,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.key_heads,
            "bos_token_id": None,
            "eos_token_id": None,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 1e6,
                "mrope_section": [pairs - 2 * rows, rows, rows],
            },
        },
        vision_config={
            "depth": shape.vision_layers,
            "hidden_size": shape.vision_hidden,
            "intermediate_size": shape.vision_inner,
            "num_heads": shape.vision_heads,
            "out_hidden_size": shape.hidden,
            "fullatt_block_indexes": list(shape.full_attention),
            "window_size": 112,
        },
        vision_start_token_id=CONTROL.index("<|vision_start|>"),
        vision_end_token_id=CONTROL.index("<|vision_end|>"),
        image_token_id=CONTROL.index("<|image_pad|>"),
        video_token_id=CONTROL.index("<|video_pad|>"),
    )


def tokenizer() -> Tokenizer:
    """One token per word, so that prompts have the length that is asked for."""
    words = [f"w{index}" for index in range(VOCABULARY_WORDS)]
    vocabulary = {word: index for index, word in enumerate([*CONTROL, *words])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106  # a word
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.add_special_tokens([AddedToken(token, special=True) for token in CONTROL])
    return made


def words(count: int, start: int = 0) -> str:
    """A text of ``count`` tokens."""
    return " ".join(f"w{(start + index) % VOCABULARY_WORDS}" for index in range(count))


def rubric() -> RubricText:
    """Two dimensions, each explained at the published length."""
    return RubricText(
        tuple(
            DimensionText(key, key, (1, 2, 3, 4), wording=words(RUBRIC_WORDS, start))
            for key, start in (("if", 0), ("vq", 1000))
        )
    )


def items(count: int, *, seed: int) -> list[ItemInputs]:
    """Items of seven candidates, all images of the default size."""
    rng = np.random.default_rng(seed)

    def draw() -> Image.Image:
        return Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))

    return [
        ItemInputs(
            f"item{number}",
            words(20, number),
            draw(),
            tuple((f"c{index}", draw()) for index in range(CANDIDATES)),
        )
        for number in range(count)
    ]
