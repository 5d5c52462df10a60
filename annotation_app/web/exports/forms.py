"""Options of a new dataset version, each with what it does."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis
from annotation_app.services.numbers import LARGEST_SEED, LONGEST_EXACT, read_exact

Label = str | Promise
FORMAT_LABELS: dict[ExportFormat, Label] = {
    ExportFormat.EDIT_REWARD_JSON: _("EditReward training JSON"),
    ExportFormat.EDIT_REWARD_PARQUET: _("EditReward-Data Parquet"),
    ExportFormat.TRAINING: _("Training folder of the reward model"),
    ExportFormat.TRL: _("TRL preferences, Parquet and JSONL"),
    ExportFormat.POINTWISE: _("Point-wise scores, JSONL, CSV and Parquet"),
    ExportFormat.RATINGS: _("Ratings under pseudonyms, one row per score"),
}
IMAGE_LABELS: dict[ImageMode, Label] = {
    ImageMode.COPIED: _("Copied into the version's folder"),
    ImageMode.EMBEDDED: _("Embedded in Parquet: about half a megabyte per row"),
    ImageMode.REFERENCED: _("Referenced where the site stores them"),
}
SCORE_LABELS: dict[ScoreBasis, Label] = {
    ScoreBasis.FINAL: _("Final scores: adjudicated, else the exact mean"),
    ScoreBasis.MAJORITY: _("The majority's level, as in the paper"),
    ScoreBasis.FACET: _("Facet scores, corrected for each rater's severity"),
    ScoreBasis.RATER: _("Each rater's own scores: pairs per rater"),
}
NUMBER = _("A whole number or a fraction, such as 1 or 1/2.")


class ExactNumberField(forms.CharField):
    """A number of at least zero that stays exact: digits, or two with a slash between."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(required=False, max_length=LONGEST_EXACT, **options)

    @override
    def clean(self, value: object) -> str:
        text = str(super().clean(value) or "")
        try:
            if text:
                read_exact(text)
        except AnnotationError as error:
            raise forms.ValidationError(NUMBER) from error
        return text


class DatasetForm(forms.Form):
    """What a researcher may choose."""

    scores = forms.ChoiceField(
        label=_("Scores behind the pairs"),
        choices=[(basis.value, label) for basis, label in SCORE_LABELS.items()],
        initial=ScoreBasis.FINAL.value,
    )
    tie_band = ExactNumberField(
        label=_("Tie band of the overall score"),
        help_text=_(
            "Overall scores that differ by at most this much are a tie. Facet scores need "
            "a value here."
        ),
    )
    dimension_tie_band = ExactNumberField(
        label=_("Tie band of a dimension"),
        help_text=_("The same, when a tie is disentangled. Empty: as for the overall score."),
    )
    minimum_margin = ExactNumberField(
        label=_("Smallest margin"),
        initial="0",
        help_text=_("Strict pairs with a smaller difference are counted, but give no row."),
    )
    minimum_gap = ExactNumberField(
        label=_("Smallest gap"),
        initial="0",
        help_text=_("The same, for the dimension that a row from a tie compares."),
    )
    include_identical = forms.BooleanField(
        label=_("Include identical pairs"),
        required=False,
        help_text=_("Pairs equal on every dimension, for losses that handle ties."),
    )
    item_weights = forms.BooleanField(
        label=_("Weight items equally"),
        required=False,
        help_text=_("Each row weighs 1 / (rows of its item)."),
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=[(name.value, label) for name, label in FORMAT_LABELS.items()],
        initial=[name.value for name in ExportOptions().formats],
        widget=forms.CheckboxSelectMultiple,
    )
    images = forms.ChoiceField(
        label=_("Images"),
        choices=[(mode.value, label) for mode, label in IMAGE_LABELS.items()],
        initial=ImageMode.COPIED.value,
    )
    image_root = forms.CharField(
        label=_("Root of referenced images"),
        required=False,
        max_length=500,
        help_text=_("Put before the file names in the rows. Empty: where the site stores them."),
    )
    implicit_prompts = forms.BooleanField(
        label=_("TRL: question inside the answers"),
        required=False,
        help_text=_("Implicit prompts, as TRL's reward trainers take them."),
    )
    leave_out_paused = forms.BooleanField(
        label=_("Leave out paused annotators"),
        required=False,
        help_text=_("Ratings of annotators who are paused now do not count."),
    )
    leave_out_uncalibrated = forms.BooleanField(
        label=_("Leave out annotators who are not calibrated"),
        required=False,
        help_text=_("Those who have not passed the training or test that the campaign requires."),
    )
    leave_out_below_quality = forms.BooleanField(
        label=_("Leave out annotators below quality"),
        required=False,
        help_text=_("Those whose accuracy on hidden gold is below 80 %, with 95 % certainty."),
    )
    leave_out = forms.CharField(
        label=_("Leave out these annotators"),
        required=False,
        max_length=2000,
        help_text=_("Pseudonyms, separated by commas."),
    )
    tie_near_images = forms.BooleanField(
        label=_("Keep near source images in one split"),
        required=False,
        help_text=_("Otherwise near matches across splits are only reported."),
    )
    tie_instructions = forms.BooleanField(
        label=_("Keep equal instructions in one split"),
        required=False,
        help_text=_("Ignoring spelling and punctuation."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        initial=0,
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=_("Decides on which side an edit appears."),
    )

    def options(self) -> ExportOptions:
        """The cleaned choices.

        Raises:
            InvalidInputError: if they do not go together.
        """
        values = self.cleaned_data
        named = (name.strip() for name in values["leave_out"].split(","))
        return ExportOptions.from_json(
            values
            | {
                "minimum_margin": values["minimum_margin"] or "0",
                "minimum_gap": values["minimum_gap"] or "0",
                "leave_out": [name for name in named if name],
            }
        )

    @override
    def clean(self) -> dict[str, object]:
        super().clean()
        if not self.errors:
            try:
                self.options().check()
            except AnnotationError as error:
                raise forms.ValidationError(error.message) from error
        return self.cleaned_data

    @property
    def parts(self) -> list[tuple[Label, list[forms.BoundField]]]:
        """The fields in the order and company in which the page shows them."""
        return [(title, [self[name] for name in names]) for title, names in PARTS]


PARTS: tuple[tuple[Label, tuple[str, ...]], ...] = (
    (
        _("Pairs"),
        (
            "scores",
            "tie_band",
            "dimension_tie_band",
            "minimum_margin",
            "minimum_gap",
            "include_identical",
            "item_weights",
        ),
    ),
    (_("Files and images"), ("formats", "implicit_prompts", "images", "image_root")),
    (
        _("Ratings and splits"),
        (
            "leave_out_paused",
            "leave_out_uncalibrated",
            "leave_out_below_quality",
            "leave_out",
            "tie_near_images",
            "tie_instructions",
            "seed",
        ),
    ),
)
