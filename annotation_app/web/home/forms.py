"""A person's own settings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.enums import Language
from annotation_app.models import User


class PreferencesForm(forms.ModelForm[User]):
    """Language and colour scheme."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("Same as the browser")), *Language.choices],
        required=False,
    )

    class Meta:
        model = User
        fields = ["language", "theme"]
