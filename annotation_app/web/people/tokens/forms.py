"""The form of a new API token."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotation_app.models.api_tokens import LONGEST_TOKEN_NAME
from annotation_app.services.people.tokens import LIFETIMES


class TokenForm(forms.Form):
    """What a token is for, and how long it is to last."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_TOKEN_NAME,
        required=False,
        help_text=_(
            "What will use it, so that you know which one to revoke; for example, nightly export."
        ),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=30)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Name the lifetimes in the page's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["days"]
        field.choices = [  # type: ignore[attr-defined]  # a choice field, declared above
            (days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in LIFETIMES
        ]
