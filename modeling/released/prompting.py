"""A rating prompt as token ids, cut at its two images and at the token that is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modeling.backbones.qwen.tokens import PromptTokenizer
from modeling.released.template import ChatTemplate
from modeling.released.wording import REWARD_TOKEN, RatingPrompt

IMAGES = 2
MARKS = range(0xF0000, 0xFFFFE)  # characters to which Unicode gives no meaning


@dataclass(frozen=True, slots=True)
class PromptPieces:
    """Ids before the source image, between it and the edited one, and after, up to the reward."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]


class PromptWriter:
    """Lays out rating prompts under a chat template.

    The whole text is tokenized at once, as the published code does it. Only an instruction that
    spells control tokens is read otherwise: there they are letters, so that no words of a user
    can shift the images.
    """

    def __init__(
        self,
        template: ChatTemplate,
        tokenizer: PromptTokenizer,
        *,
        image_token: int,
        reward_token: int,
    ) -> None:
        self.template = template
        self._tokenizer = tokenizer
        self._image_token = image_token
        self._reward_token = reward_token
        self._control = re.compile("|".join(map(re.escape, tokenizer.controls)))

    def pieces(self, prompt: RatingPrompt, instruction: str) -> PromptPieces:
        """One prompt's ids; ``ValueError`` where the template does not show what is to be read."""
        ids = self._ids(prompt, instruction)
        images = [place for place, token in enumerate(ids) if token == self._image_token]
        rewards = [place for place, token in enumerate(ids) if token == self._reward_token]
        if len(images) != IMAGES or len(rewards) != 1 or rewards[0] < images[-1]:
            raise ValueError(
                f"{self.template.origin} lays out {len(images)} images and {len(rewards)} times "
                f"{REWARD_TOKEN} of prompt {prompt.key!r}; a released checkpoint reads two images "
                "and then that token once"
            )
        (first, second), (reward,) = images, rewards
        return PromptPieces(
            tuple(ids[:first]), tuple(ids[first + 1 : second]), tuple(ids[second + 1 : reward + 1])
        )

    def _ids(self, prompt: RatingPrompt, instruction: str) -> list[int]:
        if self._control.search(instruction) is None:
            return self._tokenizer.encode_layout(self.template.render(prompt.text(instruction)))
        mark = next(chr(each) for each in MARKS if chr(each) not in instruction)
        marked = self._control.sub(lambda found: mark.join(found[0]), instruction)
        text = self.template.render(prompt.text(marked))
        ids: list[int] = []
        end = 0
        for found in self._control.finditer(text):
            ids += self._tokenizer.encode(text[end : found.start()].replace(mark, ""))
            ids.append(self._tokenizer.control(found[0]))
            end = found.end()
        return ids + self._tokenizer.encode(text[end:].replace(mark, ""))
