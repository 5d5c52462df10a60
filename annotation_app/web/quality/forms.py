"""What the quality pages ask for."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from analytics.raters.qualification import PassRule
from annotation_app.models import Campaign, QualityPlan
from annotation_app.selectors.quality.plans import RULE_FIELDS, pass_rule

LABELS = {
    "training_required": _("Training before production"),
    "qualification_required": _("Qualification test before production"),
    "attempt_items": _("Items in an attempt"),
    "most_attempts": _("Attempts"),
    "wait_hours": _("Hours between attempts"),
    "absence_days": _("Test again after this many days away (0: never)"),
    "again_after_guideline": _("Test again when the guideline changes"),
    "gold_share": _("Share of hidden gold"),
    "repeat_share": _("Share of hidden repeats"),
    "repeat_after_days": _("Minimum age of repeats (days)"),
    "gold_within_share": _("Share of scores that must match the gold"),
    "good_accuracy": _("Gold accuracy of a good annotator"),
    "bad_accuracy": _("Pause below this gold accuracy"),
    "false_alarm": _("Good annotators paused (share of tests)"),
    "miss": _("Bad annotators missed (share of tests)"),
    "rerate_days": _(
        "Days of work to be rated again after a pause by gold, drift or flat items (0: none)"
    ),
    "csp_enabled": _("Continuous cross-checks (CSP-1)"),
    "csp_clearance": _("Checks passed in a row that end full checking (i)"),
    "csp_fraction": _("Share checked afterwards (f)"),
    "csp_within_share": _("Share of scores within one level to pass a check"),
    "fast_least_seconds": _("Minimum time per item (seconds)"),
    "fast_notice": _("Fast answers in a row: notice (0: off)"),
    "fast_pause": _("Fast answers in a row: pause (0: off)"),
    "fast_share": _("Maximum share of fast answers (0: off)"),
    "skip_notice": _("Skips in a row: notice (0: off)"),
    "skip_pause": _("Skips in a row: pause (0: off)"),
    "straight_notice": _("Items in a row with the same scores for all: notice (0: off)"),
    "straight_pause": _("Items in a row with the same scores for all: pause (0: off)"),
    "drift_action": _("Scores that drift away from the others"),
    "drift_run_length": _("Items with overlap between two false alarms"),
    "dispute_range": _("Difference in levels on a dimension (0: off)"),
    "dispute_gap": _("Opposite preferences: difference in the overall score (0: off)"),
    "dispute_entropy": _("Uncertain score: entropy above (bits; 0: off)"),
}
RULE_LABELS = {
    "kappa": _("κ at least"),
    "kappa_low": _("its lower bound"),
    "within_one": _("within one level"),
    "within_one_low": _("its lower bound"),
}
# Under each heading the first field; the rest follow in the order of LABELS.
HEADINGS = (
    ("training_required", _("Before production")),
    ("gold_share", _("Hidden checks")),
    ("csp_enabled", _("Cross-checks")),
    ("fast_least_seconds", _("Speed, skips and flat items")),
    ("drift_action", _("Drift")),
    ("dispute_range", _("Disputes for reviewers")),
)


class QualityPlanForm(forms.ModelForm[QualityPlan]):
    """The rules of a campaign, with a pass rule for each dimension."""

    class Meta:
        model = QualityPlan
        fields = list(LABELS)
        labels = LABELS
        help_texts = dict.fromkeys(LABELS, "")

    def __init__(
        self, data: QueryDict | None = None, *, campaign: Campaign, plan: QualityPlan
    ) -> None:
        super().__init__(data, instance=plan)
        self.dimensions = list(campaign.rubric.dimensions.values_list("key", flat=True))
        for key in self.dimensions:
            rule = pass_rule(plan, key)
            for name in RULE_FIELDS:
                self.fields[f"rule-{key}-{name}"] = forms.FloatField(
                    label=RULE_LABELS[name],
                    min_value=-1,
                    max_value=1,
                    initial=getattr(rule, name),
                    widget=forms.NumberInput(attrs={"step": "any"}),
                )

    def sections(self) -> list[tuple[object, list[forms.BoundField]]]:
        """The fields under their headings."""
        titles = dict(HEADINGS)
        found: list[tuple[object, list[forms.BoundField]]] = []
        for name in LABELS:
            if name in titles:
                found.append((titles[name], []))
            found[-1][1].append(self[name])
        return found

    def rules(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The pass rule's fields, by dimension."""
        return [(key, [self[f"rule-{key}-{name}"] for name in RULE_FIELDS])
                for key in self.dimensions]  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """Fields of the plan to their new values."""
        values = {name: self.cleaned_data[name] for name in LABELS}
        default = PassRule()
        values["pass_rule"] = {
            key: {
                name: self.cleaned_data[f"rule-{key}-{name}"]
                for name in RULE_FIELDS
                if self.cleaned_data[f"rule-{key}-{name}"] != getattr(default, name)
            }
            for key in self.dimensions
        }
        return values


class LessonForm(forms.Form):
    """A lesson and the gold items that it shows, by their order in the field."""

    title = forms.CharField(label=_("Title"), max_length=200)
    introduction = forms.CharField(
        label=_("Introduction"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    examples = forms.TypedMultipleChoiceField(
        label=_("Examples"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        field = self.fields["examples"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = choices
