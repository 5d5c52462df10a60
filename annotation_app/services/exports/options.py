"""What an export may choose; stored with the version and repeated in its manifest."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.pairs.options import PairOptions, RowWeighting, ScoreSource
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.exports.pairing import PairChoice, ScoreBasis
from annotation_app.services.numbers import LARGEST_SEED, read_exact
from annotation_app.services.snapshots.raters import RaterChoices
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices

LONGEST_ROOT = 500  # letters
LONGEST_NAMES = 2000  # letters of all pseudonyms together
SOURCES = {ScoreBasis.FACET: ScoreSource.FACET, ScoreBasis.RATER: ScoreSource.RATER}


class ExportFormat(StrEnum):
    """File formats of an export."""

    EDIT_REWARD_JSON = "edit_reward_json"
    EDIT_REWARD_PARQUET = "edit_reward_parquet"
    TRAINING = "training"
    TRL = "trl"
    POINTWISE = "pointwise"
    RATINGS = "ratings"


class ImageMode(StrEnum):
    """Where an export's images are.

    Copied ones are in its folder; embedded ones also inside the Parquet files; referenced ones
    stay in the site's storage and rows name them there.
    """

    COPIED = "copied"
    EMBEDDED = "embedded"
    REFERENCED = "referenced"


@dataclass(frozen=True)
class ExportOptions:
    """Options of a dataset version.

    Bands, margins and gaps are exact numbers written as text ("1/2"); an empty band means that
    only equal scores tie. An `image_root` replaces the storage's own place in the paths of
    referenced images.
    """

    formats: tuple[ExportFormat, ...] = (
        ExportFormat.EDIT_REWARD_JSON,
        ExportFormat.EDIT_REWARD_PARQUET,
        ExportFormat.TRAINING,
    )
    images: ImageMode = ImageMode.COPIED
    image_root: str = ""
    scores: ScoreBasis = ScoreBasis.FINAL
    tie_band: str = ""
    dimension_tie_band: str = ""
    include_identical: bool = False
    keep_byte_identical: bool = False
    item_weights: bool = False
    minimum_margin: str = "0"
    minimum_gap: str = "0"
    implicit_prompts: bool = False
    tie_near_images: bool = False
    tie_instructions: bool = False
    leave_out_paused: bool = False
    leave_out_uncalibrated: bool = False
    leave_out_below_quality: bool = False
    leave_out: tuple[str, ...] = ()
    seed: int = 0

    def check(self) -> None:
        """See that a version can be built by these options: the page and the API both call this.

        Raises:
            InvalidInputError: naming the option that is of the wrong kind, too long or too large,
                or those that do not go together.
        """
        for name, default in vars(ExportOptions()).items():
            value = getattr(self, name)
            kind = bool if isinstance(default, bool) else type(default)
            if type(value) is not kind and not (kind is str and isinstance(value, str)):
                raise InvalidInputError(_WRONG_KIND[kind] % {"option": name}, option=name)
        _check_lengths(self)
        self.pair_choice()

    def pair_choice(self) -> PairChoice:
        """The same choices in the words of pair building.

        Raises:
            InvalidInputError: if a band, margin or gap is not a number, or is negative, or facet
                scores come without a band.
        """
        try:
            rules = PairOptions(
                source=SOURCES.get(self.scores, ScoreSource.FINAL),
                tie_band=read_exact(self.tie_band) if self.tie_band else None,
                dimension_tie_band=(
                    read_exact(self.dimension_tie_band) if self.dimension_tie_band else None
                ),
                include_identical=self.include_identical,
                keep_byte_identical=self.keep_byte_identical,
                weighting=RowWeighting.ITEM if self.item_weights else RowWeighting.ROW,
                minimum_margin=read_exact(self.minimum_margin),
                minimum_gap=read_exact(self.minimum_gap),
                presentation_seed=self.seed,
            )
        except ValueError as error:
            raise InvalidInputError(
                _("Bands, margins and gaps must be numbers such as 1 or 1/2 (%(error)s).")
                % {"error": error}
            ) from error
        return PairChoice(self.scores, rules)

    @property
    def needs_ratings(self) -> bool:
        """Whether rows hold or come from the raters' own ratings."""
        rows = {ExportFormat.TRAINING, ExportFormat.POINTWISE, ExportFormat.RATINGS}
        return self.scores in {ScoreBasis.RATER, ScoreBasis.MAJORITY} or not rows.isdisjoint(
            self.formats
        )

    def snapshot_choices(self, split_seed: int) -> SnapshotChoices:
        """Whose ratings the snapshot counts and how it splits newcomers."""
        return SnapshotChoices(
            splits=SplitChoices(split_seed, self.tie_near_images, self.tie_instructions),
            raters=RaterChoices(
                self.leave_out_paused,
                self.leave_out,
                self.leave_out_uncalibrated,
                self.leave_out_below_quality,
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for the database and the manifest."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read `to_json`'s values back.

        Raises:
            InvalidInputError: if a name, format, basis or image mode is unknown.
        """
        plain = cls().to_json() | values
        try:
            named = {
                "formats": tuple(ExportFormat(name) for name in _names(plain["formats"])),
                "images": ImageMode(plain["images"]),
                "scores": ScoreBasis(plain["scores"]),
                "leave_out": _names(plain["leave_out"]),
            }
            return cls(**{**plain, **named})
        except (TypeError, ValueError) as error:
            known = ", ".join(ExportFormat)
            raise InvalidInputError(
                _("Unknown export option (%(error)s). Formats are: %(known)s.")
                % {"error": error, "known": known}
            ) from error


_WRONG_KIND: dict[type, Promise] = {
    bool: gettext_lazy("The option %(option)s must be true or false."),
    int: gettext_lazy("The option %(option)s must be a whole number."),
    str: gettext_lazy("The option %(option)s must be a text."),
    tuple: gettext_lazy("The option %(option)s must be a list of texts."),
}


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise TypeError("formats and leave_out are lists of texts")
    return tuple(value)


def _check_lengths(options: ExportOptions) -> None:
    if not options.formats or len(set(options.formats)) < len(options.formats):
        raise InvalidInputError(
            _("Give at least one format, and each only once."), option="formats"
        )
    if not 0 <= options.seed <= LARGEST_SEED:
        raise InvalidInputError(
            _("The seed must be between 0 and %(most)s.") % {"most": LARGEST_SEED}, option="seed"
        )
    if len(options.image_root) > LONGEST_ROOT:
        raise InvalidInputError(
            _("The root of referenced images may have at most 500 characters."), option="image_root"
        )
    if sum(map(len, options.leave_out)) > LONGEST_NAMES:
        raise InvalidInputError(
            _("The annotators to leave out may have at most 2,000 characters together."),
            option="leave_out",
        )
