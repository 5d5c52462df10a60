"""What to train a model on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.enums import BuildState
from annotation_app.models import Campaign, DatasetVersion
from annotation_app.services.numbers import LARGEST_SEED

MOST_EPOCHS = 200


class TrainingForm(forms.Form):
    """A dataset version, the length of training and a seed; the compact backbone."""

    dataset = forms.ModelChoiceField(
        label=_("Dataset version"), queryset=DatasetVersion.objects.none()
    )
    epochs = forms.IntegerField(label=_("Epochs"), initial=12, min_value=1, max_value=MOST_EPOCHS)
    seed = forms.IntegerField(label=_("Seed"), initial=0, min_value=0, max_value=LARGEST_SEED)

    def __init__(self, campaign: Campaign, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type] # a QueryDict or None, as Django passes it
        versions = campaign.datasets.filter(state=BuildState.READY).order_by("-number")
        field = self.fields["dataset"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = versions
            field.initial = versions.first()
