"""Random streams addressed by keys, so that any part of the world is drawn alone."""

import hashlib

import numpy as np


def stream(seed: int, *keys: int | str) -> np.random.Generator:
    """The generator that belongs to `(seed, *keys)`, the same on every machine and in any order.

    Args:
        seed: The world's seed.
        keys: What is drawn, from the general to the special, e.g. `("scene", 17)`.
    """
    name = "\x1f".join([str(seed), *map(str, keys)])
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
