"""What the benchmark pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.models import Campaign, RewardModelVersion, User
from annotation_app.selectors.benchmarks.benchmarks import scorable_models
from annotation_app.services.benchmarks.plans import MOST_GROUPS, SIZES, BenchmarkChoices
from annotation_app.services.numbers import LARGEST_SEED

COUNTS = {2: 186, 3: 150, 4: 148}  # the paper's groups


class BenchmarkForm(forms.Form):
    """The plan of a new benchmark."""

    groups_2 = forms.IntegerField(
        label=_("Pairs"), min_value=0, max_value=MOST_GROUPS, initial=COUNTS[2]
    )
    groups_3 = forms.IntegerField(
        label=_("Groups of three"), min_value=0, max_value=MOST_GROUPS, initial=COUNTS[3]
    )
    groups_4 = forms.IntegerField(
        label=_("Groups of four"), min_value=0, max_value=MOST_GROUPS, initial=COUNTS[4]
    )
    tied_share = forms.IntegerField(
        label=_("Ties among the pairs (percent)"),
        min_value=0,
        max_value=100,
        initial=50,
        help_text=_("At most. Larger groups always have a strict order."),
    )
    raters = forms.IntegerField(
        label=_("Raters per item"), min_value=1, max_value=MOST_GROUPS, initial=3
    )
    calibration_pairs = forms.IntegerField(
        label=_("Additional pairs for calibration"),
        min_value=0,
        max_value=MOST_GROUPS,
        initial=0,
        help_text=_(
            "From other items: judges choose their tie threshold on them. Without any, "
            "the threshold is cross-fitted."
        ),
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them, in proportion to the eligible items."),
    )
    unreleased_only = forms.BooleanField(
        label=_("Leave out items that were released for training"), required=False, initial=True
    )
    accept_fewer = forms.BooleanField(
        label=_("Build fewer groups if there are not enough items"), required=False
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        initial=0,
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=_("Decides every choice between equals."),
    )

    def __init__(self, *args: Any, categories: list[str], **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        field = self.fields["categories"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(name, name or _("no category")) for name in categories]

    def choices(self) -> BenchmarkChoices:
        """The cleaned choices."""
        values = self.cleaned_data
        return BenchmarkChoices(
            groups={k: values[f"groups_{k}"] for k in SIZES},
            tied_share=values["tied_share"],
            raters=values["raters"],
            calibration_pairs=values["calibration_pairs"],
            categories=tuple(values["categories"]),
            unreleased_only=values["unreleased_only"],
            accept_fewer=values["accept_fewer"],
            seed=values["seed"],
        )


class PredictionsForm(forms.Form):
    """A judge's predictions file."""

    name = forms.CharField(label=_("Name of the judge"), max_length=100)
    file = forms.FileField(
        label=_("Predictions"),
        help_text=_("CSV, JSON or JSONL; the format is explained below."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.jsonl"}),
    )


class ModelRunForm(forms.Form):
    """A reward model of the installation: of this campaign, or of another that one may see."""

    model = forms.ModelChoiceField(
        label=_("Reward model"), queryset=RewardModelVersion.objects.none()
    )

    def __init__(self, user: User, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        field = self.fields["model"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = scorable_models(user, campaign)
