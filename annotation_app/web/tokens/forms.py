"""The form of a new API token."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotation_app.services.tokens import LIFETIMES


class TokenForm(forms.Form):
    """How long a token is to last."""

    days = forms.TypedChoiceField(label=_("Lasts"), coerce=int, initial=30)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Name the lifetimes in the page's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["days"]
        field.choices = [  # type: ignore[attr-defined]  # a choice field, declared above
            (days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in LIFETIMES
        ]
