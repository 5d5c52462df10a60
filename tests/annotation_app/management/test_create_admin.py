"""The command that makes the first account."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation_app.models import AuditEvent, User

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_a_generated_password_is_printed_once_and_signs_in():
    said = run("first", "--email", "first@example.org", "--generate")
    password = said.strip().rsplit(" ", 1)[1]
    user = User.objects.get(username="first")
    assert user.is_superuser
    assert user.check_password(password)
    assert password not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_a_container_gives_the_password_by_its_environment(monkeypatch):
    monkeypatch.setenv("EDITJURY_ADMIN_PASSWORD", "nine-purple-otters")
    said = run("second")
    assert "nine-purple-otters" not in said
    assert User.objects.get(username="second").check_password("nine-purple-otters")


def test_a_weak_password_or_a_taken_name_makes_nobody(monkeypatch):
    monkeypatch.setenv("EDITJURY_ADMIN_PASSWORD", "12345")
    with pytest.raises(CommandError):
        run("third")
    run("fourth", "--generate")
    with pytest.raises(CommandError, match="taken"):
        run("fourth", "--generate")
    assert User.objects.count() == 1
