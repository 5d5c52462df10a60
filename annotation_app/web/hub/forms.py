"""What pushing to a hub asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation_app.services.hub.pushing import PushRequest, hub_endpoints


class PushForm(forms.Form):
    """Where to, and the person's own token, which is never shown again."""

    endpoint = forms.ChoiceField(label=_("Hub"))
    repository = forms.CharField(
        label=_("Repository"), max_length=200, help_text=_("owner/name, as on the hub")
    )
    private = forms.BooleanField(label=_("Private repository"), required=False, initial=True)
    token = forms.CharField(
        label=_("Your own token"),
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=_("Used only for this push: it is neither stored nor logged."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **options)
        field = self.fields["endpoint"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in hub_endpoints()]

    def request(self) -> PushRequest:
        """What is asked for."""
        values = self.cleaned_data
        return PushRequest(
            endpoint=values["endpoint"],
            repository=values["repository"],
            token=values["token"],
            private=values["private"],
            from_page=True,
        )
