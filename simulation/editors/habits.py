"""Habits: how far a candidate departs from the correct edit. Editors draw, truth reads them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Habits:
    """Severity of each habit in one candidate, 0 (none) to 1 (as bad as it gets).

    `ignore` and `half_done` leave out parts of the edit, `mistaken` does the wrong thing instead,
    `over_edit` changes what the instruction does not mention; `blur`, `seam`, `crush` and `tint`
    spoil the pixels.
    """

    ignore: float = 0.0
    half_done: float = 0.0
    mistaken: bool = False
    over_edit: float = 0.0
    blur: float = 0.0
    seam: float = 0.0
    crush: float = 0.0
    tint: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0.0 <= float(getattr(self, field.name)) <= 1.0:
                msg = f"severity of {field.name} must be in [0, 1]"
                raise ValueError(msg)

    @property
    def completeness(self) -> float:
        """The share of the edit that is attempted (0 to 1)."""
        return (1.0 - self.ignore) * (1.0 - self.half_done)
