"""A limit on how often something may be done, counted in the cache."""

from contextlib import suppress

from django.core.cache import cache


def is_throttled(*, action: str, who: str, most: int, seconds: int) -> bool:
    """Count one try; True once there were more than `most` since the first of `seconds` ago."""
    return not take(f"{action}:{who}", most=most, seconds=seconds)


def take(key: str, *, most: int, seconds: int) -> bool:
    """Count one if fewer than `most` were counted since the first of `seconds` ago.

    What is refused is not counted: knocking on does not prolong the wait.
    """
    entry = _entry(key)
    cache.add(entry, 0, timeout=seconds)
    try:
        count = cache.incr(entry)
        if count == 1:  # it may have run out just now, and would then last for ever
            cache.touch(entry, seconds)
        if count <= most:
            return True
    except ValueError:  # it ran out between the two lines
        return True
    give_back(key)
    return False


def give_back(key: str) -> None:
    """Take one count back."""
    with suppress(ValueError):  # it ran out meanwhile
        cache.decr(_entry(key))


def count_of(key: str) -> int:
    """What is counted now."""
    return int(cache.get(_entry(key), 0))


def _entry(key: str) -> str:
    return f"throttle:{key}"
