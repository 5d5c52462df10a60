"""How accounts come to be: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from typing_extensions import override


class InviteOnlyAccountAdapter(DefaultAccountAdapter):
    """Closes the public sign-up page; invitations have their own."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
