"""A person's own settings."""

from django import forms

from annotation_app.models import User


class PreferencesForm(forms.ModelForm[User]):
    """Language and colour scheme."""

    class Meta:
        model = User
        fields = ["language", "theme"]
