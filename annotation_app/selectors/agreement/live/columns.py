"""Kept ratings as bytes: two or three for each rating, whatever the number of levels."""

import zlib

import numpy as np

from analytics.agreement.sums.exact.integers import pack, unpack
from analytics.agreement.sums.exact.kept_ratings import COLUMNS, KeptRatings
from analytics.scales import Scale

# Columns in order of item and unit change by little from rating to rating.
FASTEST = 1


def pack_kept(kept: KeptRatings) -> bytes:
    """Write down ratings in their order; with each id the step from the one before."""
    ordered = kept.columns[:, np.lexsort(kept.columns[3::-1])]
    steps = np.diff(ordered[:2], axis=1, prepend=0)
    parts = [pack(column) for column in (*steps, *ordered[2:])]
    lengths = b"".join(len(part).to_bytes(8, "little") for part in parts)
    return zlib.compress(lengths + b"".join(parts), FASTEST)


def unpack_kept(packed: bytes, scale: Scale) -> KeptRatings:
    """Read what `pack_kept` wrote."""
    opened = zlib.decompress(packed)
    place, columns = 8 * COLUMNS, []
    for column in range(COLUMNS):
        length = int.from_bytes(opened[8 * column : 8 * column + 8], "little")
        columns.append(unpack(opened[place : place + length]))
        place += length
    found = np.stack(columns)
    found[:2] = np.cumsum(found[:2], axis=1)
    return KeptRatings(scale, found)
