"""Rows of the live store to exact sums and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analytics.agreement.sums.exact.exact_sums import ExactSums
from analytics.agreement.sums.exact.integers import Whole, pack, unpack
from analytics.agreement.sums.exact.kept_ratings import KeptRatings
from analytics.agreement.sums.exact.scale_covariance import ExactCross
from analytics.agreement.sums.exact.stratum_sums import StratumSums
from analytics.agreement.sums.layout import Layout
from analytics.scales import Scale
from annotation_app.models import LiveCross, LiveSums
from annotation_app.selectors.agreement.live.columns import pack_kept, unpack_kept


def pack_sums(sums: StratumSums) -> dict[str, Any]:
    """The columns of a `LiveSums` row, as values of its fields."""
    if isinstance(sums, KeptRatings):
        header = {"kept": sums.columns.shape[1]}
        empty = {"raters": b"", "panel_header": {}, "panels": b""}
        return {"header": header, "body": pack_kept(sums), **empty}
    return {
        "header": {
            "denominator": sums.denominator,
            "patterns": [[*pattern, times] for pattern, times in sorted(sums.patterns.items())],
            "raters": sorted(sums.raters),
        },
        "body": pack(sums.body),
        "raters": _pack_rows(sums.raters),
        "panel_header": {
            "raters": sorted(sums.panels),
            "shared": [[*pair, times] for pair, times in sorted(sums.shared.items())],
        },
        "panels": _pack_rows(sums.panels),
    }


def unpack_sums(row: LiveSums, scale: Scale) -> StratumSums:
    """The contents of a `LiveSums` row."""
    if "kept" in row.header:
        return unpack_kept(bytes(row.body), scale)
    return ExactSums(
        scale=scale,
        denominator=row.header["denominator"],
        patterns={tuple(pattern[:-1]): pattern[-1] for pattern in row.header["patterns"]},
        body=unpack(bytes(row.body)),
        raters=_unpack_rows(row.header["raters"], bytes(row.raters)),
        panels=_unpack_rows(row.panel_header.get("raters", []), bytes(row.panels)),
        shared={(a, b): times for a, b, times in row.panel_header.get("shared", [])},
    )


def pack_cross(cross: ExactCross) -> dict[str, Any]:
    """The columns of a `LiveCross` row, as values of its fields."""
    return {
        "header": {
            "denominators": list(cross.denominators),
            "counts": [int(count) for count in cross.counts],
        },
        "product": pack(cross.product),
    }


def unpack_cross(row: LiveCross, scales: tuple[Scale, Scale]) -> ExactCross:
    """The contents of a `LiveCross` row."""
    first, second = row.header["denominators"]
    sizes = [Layout(len(scale)).size for scale in scales]
    return ExactCross(
        denominators=(first, second),
        counts=np.asarray(row.header["counts"], dtype=np.int64),
        product=unpack(bytes(row.product)).reshape(sizes),
    )


def _pack_rows(rows: Mapping[int, Whole]) -> bytes:
    return pack(np.concatenate([rows[key] for key in sorted(rows)])) if rows else b""


def _unpack_rows(keys: list[int], packed: bytes) -> dict[int, Whole]:
    if not keys:
        return {}
    return dict(zip(keys, unpack(packed).reshape(len(keys), -1), strict=True))
