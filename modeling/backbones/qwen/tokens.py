"""Text to token ids, in which words of users can never become control tokens."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer
from torch import Tensor

TOKENIZER_FILE = "tokenizer.json"

IM_START = "<|im_start|>"
IM_END = "<|im_end|>"
VISION_START = "<|vision_start|>"
VISION_END = "<|vision_end|>"
IMAGE_PAD = "<|image_pad|>"
CONTROL_TOKENS = (IM_START, IM_END, VISION_START, VISION_END)


class PromptTokenizer:
    """A byte-level tokenizer that reads every text as plain characters.

    Control tokens are added by id through :meth:`control`; an instruction that spells
    ``<|image_pad|>`` is therefore only letters and cannot shift the images of a prompt.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    @classmethod
    def read(cls, folder: Path) -> PromptTokenizer:
        """Read ``tokenizer.json`` of a model folder; ``ValueError`` names one that is damaged."""
        path = folder / TOKENIZER_FILE
        try:
            read = cls(Tokenizer.from_file(str(path)))
        except Exception as error:  # the library has no narrower error
            raise ValueError(f"{path} is not a readable tokenizer: {error}") from error
        # A file may carry a length to cut or fill to; transformers sets such on each call only.
        read._tokenizer.no_truncation()
        read._tokenizer.no_padding()
        if lacking := [token for token in CONTROL_TOKENS if not read.knows(token)]:
            raise ValueError(f"{path} lacks {', '.join(lacking)}")
        return read

    def write(self, folder: Path) -> None:
        """Write ``tokenizer.json``."""
        self._tokenizer.save(str(folder / TOKENIZER_FILE))

    def encode(self, text: str) -> list[int]:
        """Ids of a text without any added token."""
        # Pickling to a data worker forgets this flag, so each call sets it.
        self._tokenizer.encode_special_tokens = True
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_layout(self, text: str) -> list[int]:
        """Ids of a text in which control tokens are control tokens, as a tokenizer reads prompts.

        For texts of a template; words of users belong into :meth:`encode`.
        """
        self._tokenizer.encode_special_tokens = False
        return list(self._tokenizer.encode(text).ids)

    def add_control(self, token: str) -> None:
        """Give a control token the next free id, as transformers adds one; known ones stay."""
        self._tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False)])

    @property
    def controls(self) -> tuple[str, ...]:
        """All control tokens, longer ones first."""
        added = self._tokenizer.get_added_tokens_decoder().values()
        found = [token.content for token in added if token.special]
        return tuple(sorted(found, key=len, reverse=True))

    @property
    def size(self) -> int:
        """Number of tokens, added ones included."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def knows(self, token: str) -> bool:
        """Whether a control token exists."""
        return self._tokenizer.token_to_id(token) is not None

    def control(self, token: str) -> int:
        """Id of a control token; ``KeyError`` where the vocabulary lacks it."""
        index = self._tokenizer.token_to_id(token)
        if index is None:
            raise KeyError(f"the tokenizer has no token {token!r}")
        return int(index)


def token_tensor(ids: list[int]) -> Tensor:
    """Token ids as the int64 tensor that a prepared group carries."""
    return torch.tensor(ids, dtype=torch.int64)
