"""Real concurrency for tests: threads with their own database connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def in_threads(number: int, act: Callable[[int], Result]) -> list[Result]:
    """Call `act(0)` … `act(number - 1)` at the same moment; results in that order."""
    start = Barrier(number)

    def one(index: int) -> Result:
        start.wait()
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))
