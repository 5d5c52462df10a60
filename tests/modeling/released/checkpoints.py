"""A random checkpoint of the published layout and the plain forward of its prompts."""

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen3VLForConditionalGeneration

from modeling.backbones.qwen.options import DtypeName
from modeling.backbones.qwen.tokens import PromptTokenizer
from modeling.released import ReleasedLayout
from modeling.scorer import ScoreItem
from modeling.seeding import seed_everything
from tests.modeling.backbones.qwen.tiny import (
    enliven,
    picture,
    processor_for,
    tiny_config,
    train_tokenizer,
    write_folder,
)

PIXELS = 512
LAYOUT = ReleasedLayout(min_pixels=PIXELS, max_pixels=PIXELS, dtype=DtypeName.FLOAT32, max_rows=3)
GENERATION = {
    "qwen2_5_vl": Qwen2_5_VLForConditionalGeneration,
    "qwen3_vl": Qwen3VLForConditionalGeneration,
}


def published_head(hidden):
    return nn.Sequential(
        nn.Linear(hidden, 1024),
        nn.ReLU(),
        nn.Dropout(0.05),
        nn.Linear(1024, 16),
        nn.ReLU(),
        nn.Linear(16, 2),
    )


def write_checkpoint(folder, family, *, old=True, shared=False, pickled=False, config=None):
    """A folder as published: weights with heads, a tokenizer with one token more."""
    seed_everything(11)
    write_folder(folder, family)
    tokenizer = train_tokenizer("<|Reward|>")
    tokenizer.save(str(folder / "tokenizer.json"))
    config = tiny_config(family) if config is None else config
    config.save_pretrained(folder)
    config.text_config.vocab_size = tokenizer.get_vocab_size()
    model = GENERATION[family](config).eval()
    enliven(model)
    heads = [published_head(32).eval() for _ in range(1 if shared else 2)]
    state = {}
    for key, value in model.state_dict().items():
        name = key.removeprefix("model.") if old and ".visual." in key else key
        name = name.replace("model.language_model.", "model.") if old else name
        state[name] = value.clone()
    for index, head in enumerate(heads):
        prefix = "rm_head." if shared else f"rm_heads.head_{index}."
        state |= {prefix + key: value.clone() for key, value in head.state_dict().items()}
    if pickled:
        torch.save({"model": state}, folder / "model.pth")
    else:
        save_file(state, folder / "model.safetensors")
    return model, heads * (2 if shared else 1)


def items():
    rng = np.random.default_rng(4)
    return [
        ScoreItem("a", "make it white", picture(rng, 24, 16), {
            "x": picture(rng, 24, 16), "y": picture(rng, 16, 40), "z": picture(rng, 30, 30),
        }),
        ScoreItem("b", "paint {braces} and <|image_pad|>", picture(rng, 9, 30), {
            "x": picture(rng, 50, 50),
        }),
    ]  # fmt: skip


def plain_outputs(network, plain, item, edited, number, *, sequential=True):
    """The whole published prompt through transformers' model, read at the reward token."""
    core, (folder, model, heads) = network.core, plain
    tokenizer = PromptTokenizer.read(folder)
    images = processor_for(core, min_pixels=PIXELS, max_pixels=PIXELS)(
        images=[item.source, edited], return_tensors="pt"
    )
    counts = (images["image_grid_thw"].prod(dim=1) // core.images.merge_size**2).tolist()
    system = "system\nYou are a helpful assistant." if core.family.system_prompt else None
    start, end = tokenizer.control("<|im_start|>"), tokenizer.control("<|im_end|>")
    vision = tokenizer.control("<|vision_start|>"), tokenizer.control("<|vision_end|>")
    text = network.layout.prompts[number].template.replace("{text_prompt}", item.instruction)
    before, after = text.split("<|Reward|>")
    ids = [start, *tokenizer.encode(system), end, *tokenizer.encode("\n")] if system else []
    ids += [start, *tokenizer.encode("user\n")]
    for count in counts:
        ids += [vision[0], *[core.image_token] * count, vision[1]]
    ids += tokenizer.encode(before)
    place = len(ids)
    ids += [tokenizer.control("<|Reward|>"), *tokenizer.encode(after + "\nEND\n"), end]
    row = torch.tensor([ids])
    positions = torch.arange(len(ids)).expand(3, 1, -1) if sequential else None
    model.model.rope_deltas = None
    with torch.no_grad():
        states = model.model(
            input_ids=row,
            pixel_values=images["pixel_values"],
            image_grid_thw=images["image_grid_thw"],
            mm_token_type_ids=(row == core.image_token).int(),
            position_ids=positions,
        ).last_hidden_state
        return heads[number](states[0, place])
