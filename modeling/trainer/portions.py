"""How many items a network takes at once without learning, and in which process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch

from modeling.trainer.parallel import gather, process_index, world_size

logger = logging.getLogger(__name__)
Found = TypeVar("Found")


@dataclass(slots=True)
class Portions:
    """A size that is halved for good whenever memory runs out.

    ``fixed`` forbids it, if all processes must take the same portions; ``shared`` means that all
    processes are here, and each takes a part of the items.
    """

    size: int
    fixed: bool = False
    shared: bool = False

    def over(self, count: int, run: Callable[[range], Found]) -> Iterator[Found]:
        """What ``run`` makes of this process's part of ``count`` items, in order."""
        start, stop = self._part(count)
        while start < stop:
            portion = range(start, min(start + self.size, stop))
            try:
                found = run(portion)
            except torch.OutOfMemoryError:
                if self.fixed or len(portion) == 1:
                    raise
            else:
                yield found
                start = portion.stop
                continue
            self._halve(len(portion))  # out here, where the error no longer refers to its tensors

    def join(self, found: list[Found]) -> list[Found]:
        """What all processes have found, in the order of the items."""
        return [each for part in gather(found) for each in part] if self.shared else found

    def _part(self, count: int) -> tuple[int, int]:
        if not self.shared:
            return 0, count
        index, processes = process_index(), world_size()
        return count * index // processes, count * (index + 1) // processes

    def _halve(self, tried: int) -> None:
        self.size = tried // 2
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        logger.warning("out of memory: predicting %d items per pass", self.size)
