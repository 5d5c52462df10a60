"""Weights, heads and tokenizer of a published checkpoint, read without running anything in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from modeling.backbones.qwen.core import QwenCore
from modeling.backbones.qwen.families import FAMILIES, Family
from modeling.backbones.qwen.files import (
    CONFIG_FILE,
    MissingFilesError,
    find_model,
    loading,
    missing_files,
    read_object,
)
from modeling.backbones.qwen.options import empty_model, read_config
from modeling.backbones.qwen.tokens import PromptTokenizer
from modeling.backbones.qwen.weights import load_weights
from modeling.checkpoint.guarding import check_repeats
from modeling.config import BackboneName
from modeling.released.fitting import read_fitting
from modeling.released.heads import EMBEDDING_SUFFIX, of_a_head, read_heads
from modeling.released.layout import ReleasedLayout, position_layout
from modeling.released.network import ReleasedNetwork
from modeling.released.prompting import PromptWriter
from modeling.released.template import ChatTemplate, read_template
from modeling.released.weights import find_base, read_state
from modeling.released.wording import REWARD_TOKEN


def load_released(checkpoint: Path, *, base: str | None, layout: ReleasedLayout) -> ReleasedNetwork:
    """Build the network of a checkpoint folder.

    Args:
        checkpoint: folder with weights, see :func:`modeling.released.weights.read_state`.
        base: folder or hub name of the pretrained model that supplies configuration, tokenizer
            and image settings; None if the checkpoint folder has them. The chat template is
            the checkpoint's, if it ships one.
        layout: prompts, positions and precision.

    Raises:
        MissingFilesError: weights, or files of the base model, are not there.
        ValueError: the weights have another layout or do not fit the base model, a file is
            damaged, or the chat template cannot be applied.
    """
    with loading(checkpoint):
        base = find_base(checkpoint, base)
        state = read_state(checkpoint, base=base)
        folder = _describing_folder(checkpoint, base)
        family = _family(folder)
        template = read_template((checkpoint, folder), family, layout.system_prompt)
        return _build(state, family, folder, layout, template)


def _build(
    state: Mapping[str, Tensor],
    family: Family,
    folder: Path,
    layout: ReleasedLayout,
    template: ChatTemplate,
) -> ReleasedNetwork:
    config = read_config(family, folder)
    backbone_state = {key: value for key, value in state.items() if not of_a_head(key)}
    check_repeats(config.to_dict(), len(state))
    rows = _vocabulary(backbone_state)
    config.text_config.vocab_size = rows
    model = empty_model(family, config, dtype=layout.dtype, attention=layout.attention)
    load_weights(model, backbone_state, dtype=layout.dtype.torch_dtype)
    tokenizer = PromptTokenizer.read(folder)
    reward = reward_token(tokenizer, rows)
    fitting = read_fitting(family.name, config, folder, layout)
    core = QwenCore(
        family, model, fitting.settings, dimensions=0, layout=position_layout(layout, family.name)
    )
    writer = PromptWriter(template, tokenizer, image_token=core.image_token, reward_token=reward)
    for prompt in layout.prompts:
        writer.pieces(prompt, "")  # an inapplicable template is reported before any scoring
    heads = read_heads(state, config.text_config.hidden_size, len(layout.prompts))
    return ReleasedNetwork(core, heads, writer, fitting, layout=layout).eval()


def reward_token(tokenizer: PromptTokenizer, rows: int) -> int:
    """Id of ``<|Reward|>``: the tokenizer's, or the row added last, which it then gets."""
    if tokenizer.knows(REWARD_TOKEN):
        return tokenizer.control(REWARD_TOKEN)
    if rows == tokenizer.size + 1:
        tokenizer.add_control(REWARD_TOKEN)
        return tokenizer.control(REWARD_TOKEN)
    raise ValueError(
        f"the tokenizer has no {REWARD_TOKEN} and the embedding has {rows} rows, not "
        f"{tokenizer.size + 1}: pass the checkpoint's own tokenizer.json"
    )


def _describing_folder(checkpoint: Path, base: str | None) -> Path:
    if base is not None:
        return find_model(base, weights=False)
    if missing := missing_files(checkpoint, weights=False):
        raise MissingFilesError(str(checkpoint), missing, "by itself; name its base model")
    return checkpoint


def _family(folder: Path) -> Family:
    found = read_object(folder / CONFIG_FILE).get("model_type")
    if found not in list(FAMILIES):
        raise ValueError(f"{folder} contains a {found!r} model, none of {', '.join(FAMILIES)}")
    return FAMILIES[BackboneName(found)]


def _vocabulary(state: Mapping[str, Tensor]) -> int:
    for key, value in state.items():
        if key.endswith(EMBEDDING_SUFFIX):
            return len(value)
    raise ValueError(f"the weights have no {EMBEDDING_SUFFIX}")
