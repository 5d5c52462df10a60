"""What the member pages ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.enums import Role
from annotation_app.models import Membership
from annotation_app.services.people.changing import MOST_A_DAY, MemberChange


class InviteForm(forms.Form):
    """One address, or a list."""

    addresses = forms.CharField(
        label=_("Addresses"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One per line; a role and a team may follow, separated by commas."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ANNOTATOR)


class MemberForm(forms.Form):
    """What a member is given."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.CharField(label=_("Team"), max_length=100, required=False)
    daily_target = forms.IntegerField(
        label=_("Daily target (items)"), min_value=1, max_value=MOST_A_DAY
    )
    daily_cap = forms.IntegerField(
        label=_("Daily cap (items; empty: none)"), min_value=1, max_value=MOST_A_DAY, required=False
    )

    def change(self) -> MemberChange:
        """The values as the service wants them."""
        values = dict(self.cleaned_data)
        return MemberChange(**{**values, "role": Role(values["role"])})


def member_values(member: Membership) -> dict[str, object]:
    """A member's values for the form."""
    return {name: getattr(member, name) for name in MemberForm.base_fields}


class AccountForm(forms.Form):
    """A new account for an invited address."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Repeat password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The same password twice."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords do not match."))
        return again
