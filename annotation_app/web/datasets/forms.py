"""Options of a new dataset version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.services.exports.options import ExportFormat, ExportOptions

FORMAT_LABELS = {
    ExportFormat.EDIT_REWARD_JSON: _("EditReward training JSON"),
    ExportFormat.EDIT_REWARD_PARQUET: _("EditReward-Data Parquet"),
    ExportFormat.TRAINING: _("Training folder of the reward model"),
}


class DatasetForm(forms.Form):
    """What a researcher may choose."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=[(name.value, label) for name, label in FORMAT_LABELS.items()],
        initial=[name.value for name in ExportFormat],
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
    embed_images = forms.BooleanField(
        label=_("Embed images in Parquet"),
        required=False,
        help_text=_("Three images a row: about half a megabyte each row."),
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
            embed_images=values["embed_images"],
            seed=values["seed"],
        )
