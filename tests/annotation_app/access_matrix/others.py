"""The addresses that packages bring: Django's own admin, and allauth's pages of accounts."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from annotation_app.admin import site

# The parts of allauth's addresses: links that nobody was sent, and a device that nobody has.
PARTS: dict[str, dict[str, Any]] = {
    "account_confirm_email": {"key": "not-a-key"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "not-a-key"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
ACTS = ("change", "delete", "history")


def package_addresses() -> list[tuple[str, str]]:
    """The row's name and the address, of every page that is not the product's own."""
    return sorted([*_account_addresses(), *_admin_addresses()])


def _account_addresses() -> Iterator[tuple[str, str]]:
    for name in _names(get_resolver(), "allauth."):
        yield name, reverse(name, kwargs=PARTS.get(name))


def _admin_addresses() -> Iterator[tuple[str, str]]:
    for name in ("index", "login", "logout", "password_change", "password_change_done", "jsi18n"):
        yield f"admin:{name}", reverse(f"admin:{name}")
    yield "admin:autocomplete", reverse("admin:autocomplete")
    for label in {model._meta.app_label for model in site._registry}:
        yield f"admin:app_list {label}", reverse("admin:app_list", args=[label])
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for act in ("changelist", "add"):
            yield f"admin:{name}_{act}", reverse(f"admin:{name}_{act}")
        first = model._default_manager.order_by("pk").first()
        if first is None:
            continue
        for act in ACTS:
            yield f"admin:{name}_{act}", reverse(f"admin:{name}_{act}", args=[first.pk])


def _names(resolver: URLResolver, package: str) -> Iterator[str]:
    """Names of a package's addresses, below whatever includes them."""
    for entry in resolver.url_patterns:
        if not isinstance(entry, URLResolver):
            continue
        module = getattr(entry.urlconf_name, "__name__", "")
        if module.startswith(package):
            yield from _all_names(entry)
        elif not module.startswith("annotation_app.web") and entry.app_name != "admin":
            yield from _names(entry, package)


def _all_names(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _all_names(entry)
        elif entry.name:
            yield entry.name
