"""A limit on how often somebody may do something, counted in the cache."""

from django.core.cache import cache


def is_throttled(*, action: str, who: str, most: int, seconds: int) -> bool:
    """Count one try; True once there were more than `most` since the first of `seconds` ago."""
    key = f"throttle:{action}:{who}"
    cache.add(key, 0, timeout=seconds)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out between the two lines
        return False
