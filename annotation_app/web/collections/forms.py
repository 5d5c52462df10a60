"""What the collection pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.models import Campaign, Collection
from annotation_app.services.collections.importing.staging import UPLOADED, offered_folders


class CollectionForm(forms.ModelForm[Collection]):
    """A new collection."""

    class Meta:
        model = Collection
        fields = ["name", "description", "licence"]


class ImportForm(forms.Form):
    """What to import: an upload, a folder on the server, or a table with its images there."""

    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "A .zip with manifest and images, or a table: CSV, TSV, JSON, JSONL or Parquet."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(UPLOADED))}),
    )
    folder = forms.ChoiceField(label=_("Folder on the server"), required=False)
    by_reference = forms.BooleanField(
        label=_("Leave the originals in the folder"),
        required=False,
        help_text=_("Only their paths are recorded. Lossless copies for display are still made."),
    )
    campaign = forms.ModelChoiceField(
        label=_("Then plan tasks in"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=_("no campaign"),
    )

    def __init__(self, *args: Any, collection: Collection, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        folders = [(folder, folder) for folder in offered_folders()]
        self.has_folders = bool(folders)
        folder, campaign = self.fields["folder"], self.fields["campaign"]
        if isinstance(folder, forms.ChoiceField):
            folder.choices = [("", _("none")), *folders]
        if isinstance(campaign, forms.ModelChoiceField):
            campaign.queryset = collection.campaigns.all()

    @override
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("upload") and not values.get("folder") and not self.errors:
            raise forms.ValidationError(_("Choose a file to upload, or a folder on the server."))
        return values
