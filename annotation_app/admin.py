"""Django's own admin, for operators: everything to look at, nothing to change.

Whatever has rules changes through its service and page.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest
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
    """Rows that tell of items without asking which: for people who judge none."""

    @override
    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        user = request.user
        may = super().has_view_permission(request, obj)
        return may and isinstance(user, User) and not blind_items(user).exists()


@admin.register(AuditEvent)
class AuditEventAdmin(TellingAdmin):
    """The audit log."""

    list_display = ["created_at", "actor", "verb", "object_type", "object_id", "campaign"]
    list_filter = ["verb", "object_type"]


@admin.register(Job)
class JobAdmin(TellingAdmin):
    """Jobs."""

    list_display = ["created_at", "kind", "state", "campaign", "created_by"]
    list_filter = ["kind", "state"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who takes part where."""

    list_display = ["campaign", "user", "role", "status"]
    list_filter = ["campaign", "role", "status"]


for model in (Campaign, Collection, User):
    admin.site.register(model, ReadOnlyAdmin)
for telling in (DatasetVersion, Item, RewardModelVersion):
    admin.site.register(telling, TellingAdmin)

# One door to sign in, with its throttle and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # allauth's own recipe
