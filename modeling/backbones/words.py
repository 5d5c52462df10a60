"""Hashed words: a vocabulary that needs no file and no training; used by the compact backbone."""

import re
import zlib

import torch
from torch import Tensor

# Chinese and Japanese write no spaces, so each of their characters is a word.
_SIGN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_WORD = re.compile(rf"{_SIGN}|(?:(?!{_SIGN})[^\W_])+|[^\w\s]")


def hash_words(text: str, *, buckets: int, limit: int) -> Tensor:
    """Word numbers 1..buckets of a text, (T,) with 1 <= T <= limit; 0 is kept for padding."""
    words = _WORD.findall(text.casefold())[:limit] or [""]
    return torch.tensor([1 + zlib.crc32(word.encode()) % buckets for word in words])
