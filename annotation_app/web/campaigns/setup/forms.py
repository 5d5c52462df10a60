"""What the setup pages ask for."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.enums import SamplingStrategy
from annotation_app.models import Campaign, Collection, OverlapPlan, Rubric

SHARE: dict[str, Any] = {
    "min_value": 0,
    "max_value": 1,
    "widget": forms.NumberInput(attrs={"step": "any"}),
}
SMALLEST = 1
LARGEST_RUBRIC = 200_000  # bytes
GATE = "gate-"


class PlanForm(forms.Form):
    """The figures of an overlap plan."""

    base_ratings = forms.IntegerField(
        label=_("Raters per item"), min_value=SMALLEST, max_value=20, initial=1
    )
    overlap_share = forms.FloatField(
        label=_("Share of items in the overlap sample"), initial=0.05, **SHARE
    )
    overlap_ratings = forms.IntegerField(
        label=_("Raters per overlap item"), min_value=SMALLEST, max_value=20, initial=3
    )

    @override
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("overlap_ratings", 0) < values.get("base_ratings", 0):
            self.add_error("overlap_ratings", _("At least as many as for every item."))
        return values

    def plan(self) -> OverlapPlan:
        """The figures as a plan that is not saved."""
        names = ("base_ratings", "overlap_share", "overlap_ratings")
        return OverlapPlan(**{name: self.cleaned_data[name] for name in names})


class DrawForm(forms.Form):
    """How items and candidates are drawn: fixed once items were."""

    candidates_per_item = forms.IntegerField(
        label=_("Candidates per item (at most)"),
        min_value=SMALLEST,
        max_value=1000,
        initial=7,
    )
    sampling = forms.ChoiceField(label=_("How they are drawn"), choices=SamplingStrategy.choices)
    reserved_share = forms.FloatField(
        label=_("Share of items kept in random order"), initial=0.25, **SHARE
    )


class SwitchForm(forms.Form):
    """What annotators may see, and where days begin."""

    gives_feedback = forms.BooleanField(
        label=_("Annotators see what was decided on their disputed items"), required=False
    )
    shows_others_after_close = forms.BooleanField(
        label=_("Annotators see others' messages on an item once their own rating is closed"),
        required=False,
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        max_length=64,
        help_text=_("Time zone in which a day starts, e.g. Asia/Shanghai. Default: the site's"),
    )

    def clean_time_zone(self) -> str:
        """An IANA name, or an empty text."""
        name = str(self.cleaned_data["time_zone"]).strip()
        if name and name not in available_timezones():
            raise forms.ValidationError(_("There is no time zone with this name."))
        return name


class NewCampaignForm(SwitchForm, DrawForm, PlanForm):
    """Everything that a campaign begins with."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    collection = forms.ModelChoiceField(label=_("Collection"), queryset=Collection.objects.all())
    rubric = forms.ModelChoiceField(
        label=_("Rubric"),
        queryset=Rubric.objects.all(),
        required=False,
        empty_label=_("Edit quality (the default)"),
    )
    rubric_file = forms.FileField(
        label=_("or a rubric file"),
        required=False,
        help_text=_("JSON; it is checked field by field."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )
    gate = forms.FloatField(
        label=_("Agreement gate: lowest acceptable α, each dimension"),
        required=False,
        min_value=-1,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    field_order = [
        "name",
        "description",
        "collection",
        "rubric",
        "rubric_file",
        "candidates_per_item",
        "sampling",
        "reserved_share",
        "base_ratings",
        "overlap_share",
        "overlap_ratings",
        "gate",
        "gives_feedback",
        "shows_others_after_close",
        "time_zone",
    ]

    def clean_rubric_file(self) -> str:
        """The file's text."""
        file = self.cleaned_data["rubric_file"]
        if file is None:
            return ""
        if file.size > LARGEST_RUBRIC:
            raise forms.ValidationError(_("A rubric file may have at most 200 kB."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not UTF-8 text.")) from error


class SettingsForm(SwitchForm, DrawForm):
    """What may change later; a gate for each dimension."""

    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, campaign: Campaign, names: dict[str, str]) -> None:  # noqa: ANN401 - Django's own signature
        values = {name: getattr(campaign, name) for name in self.base_fields}
        super().__init__(data, initial=values)
        if campaign.campaign_items.exists():
            for name in DrawForm.base_fields:
                self.fields[name].disabled = True
        for key, name in names.items():
            self.fields[GATE + key] = forms.FloatField(
                label=_("Agreement gate: %(name)s") % {"name": name},
                required=False,
                min_value=-1,
                max_value=1,
                initial=campaign.agreement_gate.get(key),
                widget=forms.NumberInput(attrs={"step": "any"}),
            )
        self.order_fields(["description", *DrawForm.base_fields])

    def changes(self) -> dict[str, Any]:
        """Fields of the campaign to their values."""
        values = dict(self.cleaned_data)
        gates = {name: values.pop(name) for name in list(values) if name.startswith(GATE)}
        values["agreement_gate"] = {
            name.removeprefix(GATE): alpha for name, alpha in gates.items() if alpha is not None
        }
        return values
