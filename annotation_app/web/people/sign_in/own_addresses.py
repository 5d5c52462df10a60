"""A person's own email addresses: allauth's page, with a stricter rule for the main one."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import EmailView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override

from annotation_app.models import User
from annotation_app.services.people.addresses import keep_main_address


class OwnAddressesView(EmailView):  # type: ignore[misc]  # allauth's views have no types
    """Where the site sends mail, only a confirmed address becomes the main one."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            keep_main_address(user=request.user)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @override
    def _action_primary(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        address = self._get_email_address(request)
        if settings.ACCOUNT_EMAIL_NOTIFICATIONS and address and not address.verified:
            refusal = "account/messages/unverified_primary_email.txt"
            get_adapter().add_message(request, messages.ERROR, refusal)
            return None
        return super()._action_primary(request, *args, **kwargs)
