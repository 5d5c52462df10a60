"""What the pages of rating imports ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.services.collections.importing.staging import offered_folders


class RatingsImportForm(forms.Form):
    """An uploaded ratings file, or an EditReward-Data folder on the server."""

    upload = forms.FileField(
        label=_("Ratings file"),
        required=False,
        help_text=_("A table (CSV, TSV, JSON, JSONL, Parquet); the format is explained below."),
        widget=forms.FileInput(attrs={"accept": ".csv,.jsonl,.parquet,.tsv,.json,.ndjson,.txt"}),
    )
    folder = forms.ChoiceField(
        label=_("Or an EditReward-Data folder on the server"),
        required=False,
        help_text=_("Its items include their images; its scores become ratings."),
    )
    declared_random = forms.BooleanField(
        label=_("Items and annotators were drawn at random"),
        required=False,
        help_text=_(
            "These ratings enter the headline agreement only if you confirm this; "
            "otherwise they count with their own design, “Imported”."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        folders = [(folder, folder) for folder in offered_folders()]
        self.has_folders = bool(folders)
        field = self.fields["folder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("none")), *folders]

    @override
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("upload")) == bool(values.get("folder")) and not self.errors:
            raise forms.ValidationError(_("Choose a file to upload, or a folder on the server."))
        return values
