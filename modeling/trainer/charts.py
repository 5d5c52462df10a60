"""Small SVG charts for model cards, drawn without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_SIZE, _MARGIN = 320, 44
_WIDE, _LABELS, _HEAD, _ROW = 520, 170, 44, 18
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled curve of points in the unit square."""

    label: str
    points: Sequence[tuple[float, float]]
    colour: str
    dash: str = ""  # lengths of strokes and gaps; empty for a line without gaps


def unit_chart(*, title: str, across: str, up: str, lines: Sequence[Line], top: float = 1.0) -> str:
    """An SVG of curves over [0, 1] × [0, top], with axes and a legend."""
    height = _SIZE + 8 + 14 * len(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE + 20} {height}" '
        f'role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="11">',
        f'<rect width="{_SIZE + 20}" height="{height}" fill="white"/>',
        f'<text x="{_MARGIN}" y="18" font-size="13">{escape(title)}</text>',
        *_axes(across, up, top),
        *(_curve(line, top) for line in lines),
        *(_legend(index, line) for index, line in enumerate(lines)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return round(_MARGIN + value * (_SIZE - _MARGIN - 10), 1)


def _y(value: float, top: float) -> float:
    return round(_SIZE - _MARGIN - value / top * (_SIZE - _MARGIN - 30), 1)


def _axes(across: str, up: str, top: float) -> list[str]:
    floor, ceiling = _y(0, top), _y(top, top)
    parts = [
        f'<path d="M{_x(0)} {ceiling}V{floor}H{_x(1)}" fill="none" stroke="#555"/>',
        f'<text x="{_x(0.5)}" y="{floor + 32}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(12 {_y(top / 2, top)}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>',
    ]
    for tick in _TICKS:
        height = _y(tick * top, top)
        parts += [
            f'<text x="{_x(tick)}" y="{floor + 16}" text-anchor="middle">{tick:g}</text>',
            f'<text x="{_x(0) - 6}" y="{height + 4}" text-anchor="end">{tick * top:.2g}</text>',
        ]
    return parts


def _curve(line: Line, top: float) -> str:
    path = " ".join(f"{_x(x)},{_y(min(y, top), top)}" for x, y in line.points)
    return f'<polyline points="{path}" fill="none" {_stroke(line)}/>'


def _stroke(line: Line) -> str:
    dash = f' stroke-dasharray="{line.dash}"' if line.dash else ""
    return f'stroke="{line.colour}" stroke-width="2"{dash}'


def _legend(index: int, line: Line) -> str:
    height = _SIZE + 6 + 14 * index
    return (
        f'<path d="M{_MARGIN} {height}h18" {_stroke(line)}/>'
        f'<text x="{_MARGIN + 24}" y="{height + 4}">{escape(line.label)}</text>'
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """A labelled share with the bounds of its interval, if it has one."""

    label: str
    value: float
    bounds: tuple[float, float] | None


def interval_chart(*, title: str, rows: Sequence[Reach]) -> str:
    """An SVG of shares from 0 to 1, one per row: a dot, its interval and its value."""
    height = _HEAD + _ROW * (len(rows) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" '
        f'role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDE}" height="{height}" fill="white"/>',
        f'<text x="10" y="18" font-size="13">{escape(title)}</text>',
        *(_tick(value, height) for value in _TICKS),
        *(line for index, row in enumerate(rows) for line in _reach(row, _HEAD + _ROW * index)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _across(value: float) -> float:
    return round(_LABELS + value * (_WIDE - _LABELS - 60), 1)


def _tick(value: float, height: int) -> str:
    at = _across(value)
    return (
        f'<path d="M{at} {_HEAD - 14}V{height - 16}" stroke="#ddd"/>'
        f'<text x="{at}" y="{height - 4}" text-anchor="middle">{value:g}</text>'
    )


def _reach(row: Reach, top: int) -> list[str]:
    parts = [
        f'<text x="{_LABELS - 8}" y="{top + 4}" text-anchor="end">{escape(row.label)}</text>',
        f'<circle cx="{_across(row.value)}" cy="{top}" r="3.5" fill="#1b6ca8"/>',
        f'<text x="{_WIDE - 52}" y="{top + 4}">{100 * row.value:.1f} %</text>',
    ]
    if row.bounds is not None:
        low, high = (_across(bound) for bound in row.bounds)
        parts.append(f'<path d="M{low} {top}H{high}" stroke="#1b6ca8" stroke-width="2"/>')
    return parts
