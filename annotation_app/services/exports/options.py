"""What an export may choose; stored with the version and repeated in its manifest."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from analytics.pairs.options import PairOptions, RowWeighting
from annotation_app.exceptions import InvalidInputError


class ExportFormat(StrEnum):
    """File formats of an export."""

    EDIT_REWARD_JSON = "edit_reward_json"
    EDIT_REWARD_PARQUET = "edit_reward_parquet"
    TRAINING = "training"


@dataclass(frozen=True)
class ExportOptions:
    """Options of a dataset version."""

    formats: tuple[ExportFormat, ...] = tuple(ExportFormat)
    include_identical: bool = False
    item_weights: bool = False
    embed_images: bool = False
    seed: int = field(default=0)

    def pair_options(self) -> PairOptions:
        """The same choices in the words of pair building."""
        return PairOptions(
            include_identical=self.include_identical,
            weighting=RowWeighting.ITEM if self.item_weights else RowWeighting.ROW,
            presentation_seed=self.seed,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for the database and the manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read `to_json`'s values back.

        Raises:
            InvalidInputError: if a name or format is unknown.
        """
        try:
            formats = tuple(ExportFormat(name) for name in values.get("formats", ExportFormat))
            return cls(**{**values, "formats": formats})
        except (TypeError, ValueError) as error:
            known = ", ".join(ExportFormat)
            raise InvalidInputError(
                f"Unknown export option ({error}). Formats are: {known}."
            ) from error
