"""Hashed words: a vocabulary that needs no file and no training; used by the compact backbone."""

import re
import zlib

import torch
from torch import Tensor

_WORD = re.compile(r"[^\W_]+|[^\w\s]")


def hash_words(text: str, *, buckets: int, limit: int) -> Tensor:
    """Word numbers 1..buckets of a text, (T,) with 1 <= T <= limit; 0 is kept for padding."""
    words = _WORD.findall(text.casefold())[:limit] or [""]
    return torch.tensor([1 + zlib.crc32(word.encode()) % buckets for word in words])
