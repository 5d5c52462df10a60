"""What this process has read of the live store, cached while the stored rows are unchanged.

Figures are computed once per stratum and change of its rows. The cache is never stale: every read
asks the database for the rows' versions first.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")
MOST_STRATA = 600
MOST_READINGS = 32


class VersionedCache(Generic[Kept]):
    """The latest value of each key and the signature that it was made from; bounded, threadsafe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Hashable, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, signature: Hashable) -> Kept | None:
        """Return the value of a key, if it was made from this signature."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != signature:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, signature: Hashable, value: Kept) -> None:
        """Keep a value; the one that was longest unused goes."""
        with self._lock:
            self._kept[key] = (signature, value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
