"""The cache: Redis, or this process's memory while Redis does not answer.

`settings.CACHES` names it; everything else asks `django.core.cache`. Sessions are not kept here:
one that was signed out during an outage would still be in Redis afterwards.
"""

from collections.abc import Callable, Iterable
from pickle import UnpicklingError
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from typing_extensions import override

from annotation_app.outages import Outage

ANSWER_SECONDS = 0.5  # a cache that is slower than this is of no use
UNREACHABLE = (RedisError, OSError)
# Of a value that the version before wrote, whose class has moved since.
UNREADABLE = (ImportError, AttributeError, UnpicklingError)
# Of the process: Django makes a cache object for each of its threads.
OUTAGE = Outage("Redis (cache)")
STAND_IN = "outage"

Answer = TypeVar("Answer")


class OutageCache(BaseCache):
    """Redis with a fallback: no request fails or waits because Redis is down.

    During an outage cached figures are computed once in each process, and limits are counted in
    each process alone: they allow as many times more as there are processes.

    A value that this version cannot read any more, for an earlier one wrote it, counts as absent.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_connect_timeout": ANSWER_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            # Once more at once: after a restart of Redis the kept connections are broken.
            "retry": Retry(NoBackoff(), 1),
            **params.get("OPTIONS", {}),
        }
        self._redis = RedisCache(server, {**params, "OPTIONS": options})
        self._stand_in = LocMemCache(STAND_IN, {**params, "OPTIONS": {}})

    def _ask(self, question: Callable[[BaseCache], Answer]) -> Answer:
        if not OUTAGE.lasts:
            try:
                answer = question(self._redis)
            except UNREACHABLE as error:
                if OUTAGE.begin(error):
                    self._stand_in.clear()  # what an earlier outage left is old
            else:
                OUTAGE.end()
                return answer
        return question(self._stand_in)

    @override
    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    @override
    def get(self, key: Any, default: Any | None = None, version: int | None = None) -> Any:
        try:
            return self._ask(lambda cache: cache.get(key, default, version))
        except UNREADABLE:
            self.delete(key, version)
            return default

    @override
    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    @override
    def touch(
        self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version))

    @override
    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version))

    @override
    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        asked = list(keys)
        try:
            return self._ask(lambda cache: cache.get_many(asked, version))
        except UNREADABLE:
            absent = object()
            found = {key: self.get(key, absent, version) for key in asked}
            return {key: value for key, value in found.items() if value is not absent}

    @override
    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version))

    @override
    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version))

    @override
    def set_many(
        self,
        data: dict[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        return self._ask(lambda cache: cache.set_many(data, timeout, version))

    @override
    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        asked = list(keys)
        self._ask(lambda cache: cache.delete_many(asked, version))

    @override
    def clear(self) -> None:
        self._ask(lambda cache: cache.clear())
