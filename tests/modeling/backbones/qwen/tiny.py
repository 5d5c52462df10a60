"""Tiny random Qwen models with a tokenizer trained on the spot, and a plain reference forward."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Qwen2_5_VLConfig, Qwen3VLConfig
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from modeling.backbones.base import ItemInputs
from modeling.backbones.qwen.backbone import Qwen3VLBackbone, Qwen25VLBackbone
from modeling.backbones.qwen.prompt import candidate_ids, item_ids, rubric_ids
from modeling.config import DimensionText, RubricText
from modeling.seeding import seed_everything

VOCABULARY = 320
CONTROL = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
CONTROL += ["<|video_pad|>"]
REWARD_ROW = 310  # vocabulary rows that the reference forward uses for reward tokens
RUBRIC = RubricText(
    (
        DimensionText("if", "Instruction Following", (1, 2, 3, 4), wording="does what is asked."),
        DimensionText("vq", "Visual Quality", (1, 2, 3, 4), wording="free of artifacts."),
    )
)
BACKBONES = {"qwen2_5_vl": Qwen25VLBackbone, "qwen3_vl": Qwen3VLBackbone}


def train_tokenizer(*extra: str) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=290,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=CONTROL,
        show_progress=False,
    )
    tokenizer.train_from_iterator(["make the hydrant white and rate the edit"] * 3, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in extra])
    return tokenizer


def tiny_config(family: str, vocabulary: int = VOCABULARY, patch: int = 4):
    text: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "bos_token_id": None,
        "eos_token_id": None,
        "rope_parameters": {"rope_type": "default", "rope_theta": 100.0},
    }
    vision: dict[str, Any] = {
        "depth": 3,
        "hidden_size": 16,
        "intermediate_size": 24,
        "num_heads": 2,
        "out_hidden_size": 32,
        "patch_size": patch,
    }
    tokens: dict[str, Any] = {
        "vision_start_token_id": 2,
        "vision_end_token_id": 3,
        "image_token_id": 4,
        "video_token_id": 5,
    }
    if family == "qwen2_5_vl":
        text["rope_parameters"] |= {"mrope_section": [2, 3, 3]}
        vision |= {"fullatt_block_indexes": [1], "window_size": 4 * patch}
        return Qwen2_5_VLConfig(text_config=text, vision_config=vision, **tokens)
    text |= {"head_dim": 16}
    text["rope_parameters"] |= {"mrope_section": [2, 3, 3], "mrope_interleaved": True}
    vision |= {"deepstack_visual_indexes": [0, 1], "num_position_embeddings": 16}
    return Qwen3VLConfig(text_config=text, vision_config=vision, **tokens)


def write_folder(folder: Path, family: str) -> Path:
    """A model folder without weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tiny_config(family).save_pretrained(folder)
    train_tokenizer().save(str(folder / "tokenizer.json"))
    processor = {"image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.25]}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


def tiny_backbone(folder: Path, family: str, **options):
    seed_everything(3)
    backbone = BACKBONES[family].create(
        {
            "model": str(write_folder(folder, family)),
            "random_weights": True,
            "max_pixels": 1024,
            "min_pixels": 64,
            "max_rows": 3,
            **options,
        }
    )
    enliven(backbone)
    return backbone.eval()


def write_lively_folder(folder: Path, family: str) -> Path:
    """A complete model folder, whose weights tell candidates apart from the first step."""
    backbone = tiny_backbone(folder, family)
    state = {f"model.{name}": each for name, each in backbone.core.model.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    return folder


def enliven(module) -> None:
    """Larger weights than the initialiser's, so that attention and positions matter."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(std=0.3 if "embed" in name else 0.15)


def picture(generator: np.random.Generator, width: int, height: int) -> Image.Image:
    return Image.fromarray(generator.integers(0, 256, (height, width, 3), dtype=np.uint8))


def ragged_items(seed: int = 0) -> list[ItemInputs]:
    """Items with different instructions, pool sizes and image sizes."""
    rng = np.random.default_rng(seed)
    sizes = [
        ((24, 16), [(24, 16), (16, 24), (32, 8)]),
        ((40, 50), [(64, 64)]),
        ((16, 16), [(16, 16), (8, 8), (24, 24), (9, 30)]),
    ]
    return [
        ItemInputs(
            f"item{number}",
            "make the hydrant white" + " and rate it" * number,
            picture(rng, *source),
            tuple((f"c{index}", picture(rng, *size)) for index, size in enumerate(candidates)),
        )
        for number, (source, candidates) in enumerate(sizes)
    ]


def processor_for(core, *, min_pixels: int, max_pixels: int) -> Qwen2VLImageProcessorPil:
    """transformers' own image processor with a core's settings."""
    return Qwen2VLImageProcessorPil(
        patch_size=core.images.patch_size,
        merge_size=core.images.merge_size,
        temporal_patch_size=core.images.temporal_patch_size,
        image_mean=list(core.images.mean),
        image_std=list(core.images.std),
        min_pixels=min_pixels,
        max_pixels=max_pixels,
    )


def untouched_model(backbone):
    """transformers' own model, without any of our replacements, on the backbone's weights."""
    core = backbone.core
    model = backbone.family.model_class(core.config).to(core.model.dtype).eval()
    model.load_state_dict(core.model.state_dict())
    table = model.get_input_embeddings().weight
    with torch.no_grad():
        table[REWARD_ROW : REWARD_ROW + len(core.reward_embeddings)] = core.reward_embeddings
    return model


def reference_states(backbone, items: list[ItemInputs], rubric: RubricText = RUBRIC, *, model=None):
    """One plain forward of transformers' model per candidate: nothing shared, nothing packed."""
    model = untouched_model(backbone) if model is None else model
    return torch.cat(
        [
            _reference(backbone, model, item, image, rubric)
            for item in items
            for _, image in item.candidates
        ]
    )


def _reference(backbone, model, item: ItemInputs, image: Image.Image, rubric: RubricText):
    core, tokenizer, token = backbone.core, backbone.tokenizer, backbone.core.image_token
    processor = processor_for(
        core, min_pixels=core.images.min_pixels, max_pixels=core.images.max_pixels
    )
    batch = processor(images=[item.source, image], return_tensors="pt")
    source, edited = (batch["image_grid_thw"].prod(dim=1) // core.images.merge_size**2).tolist()
    dimensions = len(rubric.dimensions)
    ids = [
        *rubric_ids(tokenizer, backbone.family.system_prompt, rubric),
        *item_ids(tokenizer, item.instruction, token, source),
        *candidate_ids(tokenizer, token, edited, dimensions),
    ]
    row = torch.tensor([[REWARD_ROW - 1 - index if index < 0 else index for index in ids]])
    model.rope_deltas = None
    output = model(
        input_ids=row,
        pixel_values=batch["pixel_values"],
        image_grid_thw=batch["image_grid_thw"],
        mm_token_type_ids=(row == token).int(),
    )
    return output.last_hidden_state[:, -dimensions:].float()
