"""Arrays of integers of any size: sums, products and bytes without rounding or overflow."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# 64-bit integers while they fit, Python's own integers (dtype object) beyond.
Whole: TypeAlias = NDArray[Any]

SAFE = 1 << 62
EXACT_IN_FLOAT = 1 << 53
LIMB_BITS = 20
ROWS_AT_ONCE = 1 << 12
WIDTHS = (1, 2, 4, 8)


def largest(array: Whole) -> int:
    """Largest absolute value; 0 for an empty array."""
    return int(max(-array.min(), array.max())) if array.size else 0


def narrowed(array: Whole) -> Whole:
    """Return 64-bit integers if they all fit."""
    if array.dtype == object and largest(array) < SAFE:
        return array.astype(np.int64)
    return array


def plus(one: Whole, other: Whole, sign: int = 1) -> Whole:
    """Add, or with sign -1 subtract."""
    if object not in (one.dtype, other.dtype) and largest(one) + largest(other) < SAFE:
        return np.asarray(one + sign * other)
    return narrowed(np.asarray(one.astype(object) + sign * other.astype(object)))


def times(array: Whole, factors: list[int]) -> Whole:
    """Multiply each entry with its own factor."""
    return narrowed(np.asarray(array.astype(object) * np.asarray(factors, dtype=object)))


def cross_product(one: Whole, other: Whole) -> Whole:
    """Return oneᵀ other of (n, K) and (n, L) rows, exactly.

    Products of limbs of 20 bits over 4,096 rows stay below 2^53, where floats are exact and fast.
    """
    if object in (one.dtype, other.dtype):
        return narrowed(np.asarray(one.astype(object).T.dot(other.astype(object))))
    if largest(one) * largest(other) * len(one) < EXACT_IN_FLOAT:
        return _float_product(one, other)
    total = np.zeros((one.shape[1], other.shape[1]), dtype=object)
    for start in range(0, len(one), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        for i, low in enumerate(_limbs(one[rows])):
            for j, high in enumerate(_limbs(other[rows])):
                total += _float_product(low, high).astype(object) << LIMB_BITS * (i + j)
    return narrowed(total)


def _float_product(one: Whole, other: Whole) -> Whole:
    return np.asarray(one.astype(np.float64).T @ other.astype(np.float64)).astype(np.int64)


def _limbs(array: Whole) -> list[Whole]:
    """Write 64-bit integers as Σ limb · 2^(20 i); the last limb carries the sign."""
    number = max(1, -(-(largest(array).bit_length()) // LIMB_BITS))
    mask = (1 << LIMB_BITS) - 1
    shifted = [array >> LIMB_BITS * place for place in range(number)]
    return [*(limb & mask for limb in shifted[:-1]), shifted[-1]]


def pack(array: Whole) -> bytes:
    """Write integers as one byte of width and fixed-width little-endian numbers."""
    flat = array.reshape(-1)
    needed = largest(flat).bit_length() // 8 + 1
    width = next((width for width in WIDTHS if width >= needed), needed)
    if flat.dtype != object and width in WIDTHS:
        return bytes([width]) + flat.astype(f"<i{width}").tobytes()
    return bytes([width]) + b"".join(
        int(number).to_bytes(width, "little", signed=True) for number in flat
    )


def unpack(packed: bytes) -> Whole:
    """Read what `pack` wrote."""
    width, body = packed[0], packed[1:]
    if width in WIDTHS:
        return np.frombuffer(body, dtype=f"<i{width}").astype(np.int64)
    numbers = [
        int.from_bytes(body[start : start + width], "little", signed=True)
        for start in range(0, len(body), width)
    ]
    return np.array(numbers, dtype=object)


def divided(array: Whole, divisors: Whole) -> NDArray[np.float64]:
    """Return the quotients as floats; each is rounded from the exact numbers."""
    if object in (array.dtype, divisors.dtype):
        exact = array.astype(object) / divisors.astype(object)
        return np.asarray(exact, dtype=np.float64)
    return np.asarray(array / divisors, dtype=np.float64)
