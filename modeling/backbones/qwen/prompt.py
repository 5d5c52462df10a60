"""The wording and the token pieces of a prompt: rubric, then item, then one candidate."""

from __future__ import annotations

from modeling.backbones.qwen.tokens import (
    IM_END,
    IM_START,
    VISION_END,
    VISION_START,
    PromptTokenizer,
)
from modeling.config import DimensionText, RubricText

TASK = (
    "You are given an editing instruction, the source image and an edited image. "
    "Rate the edit on each dimension of this rubric, independently of the others.\n"
)


def turn_start(tokenizer: PromptTokenizer, system_prompt: str) -> list[int]:
    """Ids up to the first word of the user's turn, as the chat templates write them."""
    start = [tokenizer.control(IM_START)]
    user = [*start, *tokenizer.encode("user\n")]
    if not system_prompt:
        return user
    system = [*start, *tokenizer.encode(f"system\n{system_prompt}")]
    return [*system, tokenizer.control(IM_END), *tokenizer.encode("\n"), *user]


def image_ids(tokenizer: PromptTokenizer, image_token: int, count: int) -> list[int]:
    """Ids of an image of ``count`` tokens between its two control tokens."""
    placeholders = [image_token] * count
    return [tokenizer.control(VISION_START), *placeholders, tokenizer.control(VISION_END)]


def rubric_ids(tokenizer: PromptTokenizer, system_prompt: str, rubric: RubricText) -> list[int]:
    """The constant part that all items share."""
    lines = [_line(number, each) for number, each in enumerate(rubric.dimensions, start=1)]
    text = TASK + "".join(lines)
    return [*turn_start(tokenizer, system_prompt), *tokenizer.encode(text)]


def item_ids(
    tokenizer: PromptTokenizer, instruction: str, image_token: int, count: int
) -> list[int]:
    """The part that an item's candidates share: the instruction and the source image."""
    text = tokenizer.encode(f"Instruction: {instruction}\nSource image: ")
    return [*text, *image_ids(tokenizer, image_token, count)]


def candidate_ids(
    tokenizer: PromptTokenizer, image_token: int, count: int, dimensions: int
) -> list[int]:
    """A candidate's own part: the edited image and one reward token per dimension."""
    image = image_ids(tokenizer, image_token, count)
    rewards = [-1 - dimension for dimension in range(dimensions)]
    return [
        *tokenizer.encode("\nEdited image: "),
        *image,
        *tokenizer.encode("\nRatings:"),
        *rewards,
    ]


def _line(number: int, dimension: DimensionText) -> str:
    levels = f"{dimension.levels[0]} (worst) to {dimension.levels[-1]} (best)"
    return f"{number}. {dimension.text} Levels: {levels}.\n"
