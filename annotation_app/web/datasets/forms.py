"""Options of a new dataset version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode

FORMAT_LABELS = {
    ExportFormat.EDIT_REWARD_JSON: _("EditReward training JSON"),
    ExportFormat.EDIT_REWARD_PARQUET: _("EditReward-Data Parquet"),
    ExportFormat.TRAINING: _("Training folder of the reward model"),
    ExportFormat.TRL: _("TRL preferences, Parquet and JSONL"),
    ExportFormat.POINTWISE: _("Point-wise scores, JSONL, CSV and Parquet"),
}
IMAGE_LABELS = {
    ImageMode.COPIED: _("Copied into the version's folder"),
    ImageMode.EMBEDDED: _("Embedded in Parquet: about half a megabyte a row"),
    ImageMode.REFERENCED: _("Referenced where the site keeps them"),
}


class DatasetForm(forms.Form):
    """What a researcher may choose."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=[(name.value, label) for name, label in FORMAT_LABELS.items()],
        initial=[name.value for name in ExportOptions().formats],
        widget=forms.CheckboxSelectMultiple,
    )
    include_identical = forms.BooleanField(
        label=_("Include identical pairs"),
        required=False,
        help_text=_("Pairs equal on every dimension, for losses that know ties."),
    )
    item_weights = forms.BooleanField(
        label=_("Weigh items equally"),
        required=False,
        help_text=_("Each row weighs 1 / (rows of its item)."),
    )
    images = forms.ChoiceField(
        label=_("Images"),
        choices=[(mode.value, label) for mode, label in IMAGE_LABELS.items()],
        initial=ImageMode.COPIED.value,
    )
    leave_out_paused = forms.BooleanField(
        label=_("Leave out paused annotators"),
        required=False,
        help_text=_("Ratings of annotators who are paused now do not count."),
    )
    seed = forms.IntegerField(
        label=_("Seed"), initial=0, min_value=0, help_text=_("Of the side on which an edit stands.")
    )

    def options(self) -> ExportOptions:
        """The cleaned choices."""
        values = self.cleaned_data
        return ExportOptions(
            formats=tuple(ExportFormat(name) for name in values["formats"]),
            include_identical=values["include_identical"],
            item_weights=values["item_weights"],
            images=ImageMode(values["images"]),
            leave_out_paused=values["leave_out_paused"],
            seed=values["seed"],
        )
