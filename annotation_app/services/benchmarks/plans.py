"""What a benchmark is asked to hold, as JSON and in the words of the analytics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from analytics.benchmark.builder import BenchmarkPlan
from analytics.limits import FEWEST_ITEMS
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Rubric
from annotation_app.services.numbers import LARGEST_SEED

SIZES = (2, 3, 4)
FEWEST_GROUPS = FEWEST_ITEMS  # fewer items give no interval and no cross-fit
MOST_GROUPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkChoices:
    """The choices behind a benchmark.

    Attributes:
        groups: how many groups of each K.
        tied_share: percent of the pairs that are ties of the raters, as far as there are any.
        minimum_gap: the least difference of neighbours' overall scores, in hundredths.
        raters: how many raters every item needs.
        calibration_pairs: further pairs, from other items, on which judges choose their ε.
        categories: only items of these; empty for all.
        accept_fewer: build what there is if groups are missing.
        unreleased_only: leave out items that a dataset version released for training.
        seed: of every choice between equals.
    """

    groups: Mapping[int, int]
    tied_share: int = 50
    minimum_gap: int = 0
    raters: int = 3
    calibration_pairs: int = 0
    categories: tuple[str, ...] = ()
    accept_fewer: bool = False
    unreleased_only: bool = True
    seed: int = 0

    def check(self) -> None:
        """See that a benchmark can be built by these choices.

        Raises:
            InvalidInputError: with what to change.
        """
        total = sum(self.groups.values())
        known = all(k in SIZES and count >= 0 for k, count in self.groups.items())
        if not known or not FEWEST_GROUPS <= total <= MOST_GROUPS:
            raise InvalidInputError(
                _("Ask for %(least)s to %(most)s groups of two, three or four candidates.")
                % {"least": FEWEST_GROUPS, "most": f"{MOST_GROUPS:,}"}
            )
        if not 0 <= self.tied_share <= 100:  # noqa: PLR2004 - percent
            raise InvalidInputError(_("The share of ties must be between 0 and 100 percent."))
        if self.raters < 1 or self.minimum_gap < 0 or self.calibration_pairs < 0:
            raise InvalidInputError(_("Raters, gap and calibration pairs cannot be negative."))
        if max(self.raters, self.minimum_gap, self.calibration_pairs) > MOST_GROUPS:
            raise InvalidInputError(
                _("Raters, gap and calibration pairs may be at most %(most)s.")
                % {"most": f"{MOST_GROUPS:,}"}
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise InvalidInputError(
                _("The seed must be between 0 and %(most)s.") % {"most": LARGEST_SEED}
            )

    def to_json(self) -> dict[str, Any]:
        """The choices as JSON values."""
        values = asdict(self)
        return values | {
            "groups": {str(k): count for k, count in self.groups.items()},
            "categories": list(self.categories),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "BenchmarkChoices":
        """The choices that `to_json` wrote."""
        groups = {int(k): count for k, count in values["groups"].items()}
        return cls(**{**values, "groups": groups, "categories": tuple(values["categories"])})

    def plan(self, middle: Fraction, groups: Mapping[int, int] | None = None) -> BenchmarkPlan:
        """The builder's plan, for all groups or for others than the chosen ones."""
        return BenchmarkPlan(
            groups_per_k=dict(self.groups if groups is None else groups),
            scale_middle=middle,
            seed=self.seed,
            tied_share=Fraction(self.tied_share, 100),
            minimum_gap=Fraction(self.minimum_gap, 100),
            raters=self.raters,
        )


def scale_middle(rubric: Rubric) -> Fraction:
    """The middle of the overall scale: above it a tie is of good edits, else of bad ones."""
    rows = rubric.dimensions.annotate(low=Min("levels__value"), high=Max("levels__value"))
    return sum(
        (
            Fraction(row.weight_numerator, row.weight_denominator) * (row.low + row.high) / 2
            for row in rows
        ),
        Fraction(0),
    )
