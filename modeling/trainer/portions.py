"""How many items go through a network at once when nothing is learned."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch

logger = logging.getLogger(__name__)
Found = TypeVar("Found")


@dataclass(slots=True)
class Portions:
    """A size that is halved for good whenever memory runs out.

    ``fixed`` forbids it, where all processes must take the same portions.
    """

    size: int
    fixed: bool = False

    def over(self, count: int, run: Callable[[range], Found]) -> Iterator[Found]:
        """What ``run`` makes of each portion of ``count`` items, in order."""
        start = 0
        while start < count:
            portion = range(start, min(start + self.size, count))
            try:
                found = run(portion)
            except torch.OutOfMemoryError:
                if self.fixed or len(portion) == 1:
                    raise
            else:
                yield found
                start = portion.stop
                continue
            self._halve(len(portion))  # out here, where the error no longer holds its tensors

    def _halve(self, tried: int) -> None:
        self.size = tried // 2
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        logger.warning("out of memory: predicting %d items per pass", self.size)
