"""What the public code computes, by transformers' own processors and models alone."""

import json

import numpy as np
import torch
from PIL import Image
from transformers.models.qwen2_5_vl.processing_qwen2_5_vl import Qwen2_5_VLProcessor
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize
from transformers.models.qwen3_vl.processing_qwen3_vl import Qwen3VLProcessor
from transformers.processing_utils import ProcessorMixin

from modeling.backbones.qwen.options import DtypeName
from modeling.released import RatingPrompt, ReleasedLayout
from tests.modeling.backbones.qwen.tiny import tiny_config
from tests.modeling.released.checkpoints import write_checkpoint

AREA, FACTOR = 256 * 28 * 28, 28
PATCHES = {"qwen2_5_vl": 14, "qwen3_vl": 16}
PROMPTS = tuple(
    RatingPrompt(
        key, f"\nrate {key}\n\nText instruction - {{text_prompt}}\n\nrate: <|Reward|>\n\nEND\n"
    )
    for key in ("if", "vq")
)
PUBLISHED = ReleasedLayout(prompts=PROMPTS, dtype=DtypeName.FLOAT32)
# Another system prompt than the family's, other words around the images, a trimmed text.
TEMPLATE = (
    "{% for message in messages %}{% if loop.first %}<|im_start|>system\nrate and make\n"
    "<|im_end|>\n{% endif %}<|im_start|>{{ message.role }} of {{ eos_token }}\n"
    "{% for part in message.content %}{% if part.type == 'image' %}the image"
    "<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text | trim }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_TURNS = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% for part in message.content %}{% if part.type == 'image' %}"
    "<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}"
)
PLAIN = {  # what the templates of the public base models come to for one user's turn
    "qwen2_5_vl": "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n" + _TURNS,
    "qwen3_vl": _TURNS,
}


def _still(kind):
    """The processor without its part for videos, which needs torchvision."""

    class Still(kind):
        def __init__(self, image_processor=None, tokenizer=None, chat_template=None, **_):
            self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
            self.image_token_id = tokenizer.convert_tokens_to_ids(self.image_token)
            self.video_token_id = tokenizer.convert_tokens_to_ids(self.video_token)
            ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    return Still


PROCESSORS = {"qwen2_5_vl": _still(Qwen2_5_VLProcessor), "qwen3_vl": _still(Qwen3VLProcessor)}


def write_published(folder, family, *, processor=None, **options):
    """A checkpoint of the patch sizes that the public models have, with their files."""
    config = tiny_config(family, patch=PATCHES[family])
    plain = write_checkpoint(folder, family, config=config, **options)
    words = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": "<|im_end|>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(words))
    path = folder / "preprocessor_config.json"
    stated = {
        **json.loads(path.read_text()),
        "image_processor_type": "Qwen2VLImageProcessorFast",
        "patch_size": PATCHES[family],
        "merge_size": 2,
        "temporal_patch_size": 2,
        **(processor or {"size": {"shortest_edge": 64 * 64, "longest_edge": 256 * 256}}),
    }
    path.write_text(json.dumps(stated))
    return plain


def published_output(folder, family, plain, item, name, number):
    """(μ, log σ) of one head for one candidate."""
    model, heads = plain
    text = PROMPTS[number].template.replace("{text_prompt}", item.instruction)
    reader = PROCESSORS[family].from_pretrained(folder)
    if reader.chat_template is None:
        reader.chat_template = PLAIN[family]
    batch = _READERS[family](reader, [item.source, item.candidates[name]], text)
    states = _FORWARDS[family](model, batch)
    reward = reader.tokenizer.convert_tokens_to_ids("<|Reward|>")
    (place,) = (batch["input_ids"][0] == reward).nonzero()
    with torch.no_grad():
        return heads[number](states[0, place])[0].tolist()


def _conversation(images, text):
    shown = [
        {"type": "image", "image": each, "min_pixels": AREA, "max_pixels": AREA} for each in images
    ]
    return [{"role": "user", "content": [*shown, {"type": "text", "text": text}]}]


def _fetched(path):
    """The vision utilities of the Qwen2.5-VL code."""
    image = (Image.open(path) if not isinstance(path, Image.Image) else path).convert("RGB")
    height, width = smart_resize(
        image.height, image.width, factor=FACTOR, min_pixels=AREA, max_pixels=AREA
    )
    return image.resize((width, height), Image.Resampling.BICUBIC)


def _read_first(reader, images, text):
    prompt = reader.apply_chat_template(
        [_conversation(images, text)], tokenize=False, add_generation_prompt=True
    )
    return reader(
        text=prompt, images=[_fetched(each) for each in images], padding=True, return_tensors="pt"
    )


def _read_within(reader, images, text):
    return reader.apply_chat_template(
        _conversation(images, text), tokenize=True, add_generation_prompt=True,
        return_dict=True, return_tensors="pt",
    )  # fmt: skip


def _embed_first(model, batch):
    """Images embedded by hand, and no ids for the decoder, which then counts every token."""
    with torch.no_grad():
        embeddings = model.get_input_embeddings()(batch["input_ids"])
        images = model.model.get_image_features(
            batch["pixel_values"], batch["image_grid_thw"], return_dict=True
        ).pooler_output
        mask = (batch["input_ids"] == model.config.image_token_id)[..., None]
        embeddings = embeddings.masked_scatter(mask, torch.cat(tuple(images)))
        return model.model.language_model(
            inputs_embeds=embeddings, attention_mask=batch["attention_mask"]
        ).last_hidden_state


def _leave_to_model(model, batch):
    model.model.rope_deltas = None
    with torch.no_grad():
        return model.model(**batch).last_hidden_state


_READERS = {"qwen2_5_vl": _read_first, "qwen3_vl": _read_within}
_FORWARDS = {"qwen2_5_vl": _embed_first, "qwen3_vl": _leave_to_model}


def pixels(rng, width, height, channels=3):
    return Image.fromarray(rng.integers(0, 256, (height, width, channels), dtype=np.uint8))
