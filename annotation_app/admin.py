"""Django's own admin, for operators: everything can be viewed, no record can be changed.

Records that follow rules are changed through their service and page.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from typing_extensions import override

from annotation_app.models import (
    AuditEvent,
    Campaign,
    Collection,
    DatasetVersion,
    Item,
    Job,
    Membership,
    RewardModelVersion,
    User,
)
from annotation_app.policies import blind_items


class OperatorsSite(admin.AdminSite):
    """Contains only the models that are registered below.

    What other packages register with Django's own site shows secrets and lets them be changed.
    API tokens are left out on purpose: their hash would be each page's address
    (annotation_app.web.people.tokens has a page for them).
    """

    @override
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one door, with its throttle and second factor."""
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    @override
    def password_change(  # type: ignore[override]  # any answer will do for a URL
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page that ends API tokens too."""
        return redirect("account_change_password")


site = OperatorsSite(name="admin")


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows to look at."""

    @override
    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class TellingAdmin(ReadOnlyAdmin):
    """Admin of rows that may reveal any item: only for people who judge none."""

    @override
    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        user = request.user
        may = super().has_view_permission(request, obj)
        return may and isinstance(user, User) and not blind_items(user).exists()


@admin.register(AuditEvent, site=site)
class AuditEventAdmin(TellingAdmin):
    """The audit log."""

    list_display = ["created_at", "actor", "verb", "object_type", "object_id", "campaign"]
    list_filter = ["verb", "object_type"]


@admin.register(Job, site=site)
class JobAdmin(TellingAdmin):
    """Jobs."""

    list_display = ["created_at", "kind", "state", "campaign", "created_by"]
    list_filter = ["kind", "state"]


@admin.register(Membership, site=site)
class MembershipAdmin(ReadOnlyAdmin):
    """Admin of campaign memberships."""

    list_display = ["campaign", "user", "role", "status"]
    list_filter = ["campaign", "role", "status"]


class UserAdmin(ReadOnlyAdmin):
    """Accounts, without what opens them."""

    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login"]
    exclude = ["password"]


class EmailAddressAdmin(ReadOnlyAdmin):
    """Addresses of accounts, and which are confirmed."""

    list_display = ["email", "user", "primary", "verified"]


class AuthenticatorAdmin(ReadOnlyAdmin):
    """Who has second factors; never their secrets, seeds and keys."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    fields = ["user", "type", "created_at", "last_used_at"]


for model in (Campaign, Collection):
    site.register(model, ReadOnlyAdmin)
for telling in (DatasetVersion, Item, RewardModelVersion):
    site.register(telling, TellingAdmin)
site.register(User, UserAdmin)
site.register(EmailAddress, EmailAddressAdmin)
site.register(Authenticator, AuthenticatorAdmin)
site.register(Group, ReadOnlyAdmin)
