"""The text of the two prompts, in our words, or in a user's own files.

A published checkpoint was trained on one exact wording, which is not part of this project.
Scores keep their meaning under ours; to reproduce published figures to the digit, put the
original templates into two files and pass their folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REWARD_TOKEN = "<|Reward|>"  # noqa: S105  # a token of text, no secret
INSTRUCTION_FIELD = "{text_prompt}"
KEYS = ("if", "vq")  # the order of the heads: head_0, head_1
LEVELS = (1, 2, 3, 4)  # what the published criteria anchor, and ours below

_INTRODUCTION = (
    "You compare the first image, the source, with the second image, an edit of it that was made "
    "from the instruction at the end. Rate the edit from 1 to 4 on one dimension only: "
)
_FOLLOWING = (
    "Instruction Following and Semantic Fidelity.\n"
    "Consider:\n"
    "- Semantic accuracy: is the meaning of the instruction realised?\n"
    "- Completeness: is every requested change made?\n"
    "- Exclusivity: is everything else left as it was?\n"
    "Levels:\n"
    "4, very good: accurate, complete and exclusive.\n"
    "3, relatively good: right in the main, with a small omission or a slight extra change.\n"
    "2, relatively poor: misread, incomplete, or with a noticeable unintended change.\n"
    "1, very poor: the instruction is ignored or the result is wholly wrong.\n"
)
_QUALITY = (
    "Visual Quality and Realism.\n"
    "Consider:\n"
    "- Plausibility: do light, perspective and physics agree?\n"
    "- Artifacts: are there seams, distortions or noise?\n"
    "- Aesthetics: is the image pleasing and balanced?\n"
    "Levels:\n"
    "4, very good: realistic, seamless and pleasing.\n"
    "3, relatively good: mostly clean, with minor flaws that do not distract.\n"
    "2, relatively poor: a noticeable inconsistency or visible artifacts.\n"
    "1, very poor: severe artifacts, unusable.\n"
)
_ENDING = f"Instruction: {INSTRUCTION_FIELD}\n"
_CLOSING = f"\nGive the overall rating of this edit: {REWARD_TOKEN}"


@dataclass(frozen=True, slots=True)
class RatingPrompt:
    """One head's question: the text after both images, which ends in the reward token."""

    key: str
    template: str

    def __post_init__(self) -> None:
        """Refuse a template that cannot be filled or read."""
        before, *after = self.template.split(REWARD_TOKEN)
        if len(after) != 1 or INSTRUCTION_FIELD not in before:
            raise ValueError(
                f"prompt {self.key!r} needs {INSTRUCTION_FIELD} and then {REWARD_TOKEN}, the "
                "latter exactly once: text after it is never read"
            )

    def text(self, instruction: str) -> str:
        """The text of the user's turn, to the letter, and what follows the reward token too."""
        return self.template.replace(INSTRUCTION_FIELD, instruction)


def default_prompts() -> tuple[RatingPrompt, ...]:
    """Our wording of the published criteria and level anchors."""
    bodies = (_FOLLOWING, _QUALITY)
    return tuple(
        RatingPrompt(key, _INTRODUCTION + body + _ENDING + _CLOSING)
        for key, body in zip(KEYS, bodies, strict=True)
    )


def read_prompts(folder: Path) -> tuple[RatingPrompt, ...]:
    """Templates from ``if.txt`` and ``vq.txt``, with ``{text_prompt}`` and ``<|Reward|>``.

    An editor's byte order mark and line endings are not part of a template.
    """
    return tuple(
        RatingPrompt(key, (folder / f"{key}.txt").read_text(encoding="utf-8-sig")) for key in KEYS
    )
