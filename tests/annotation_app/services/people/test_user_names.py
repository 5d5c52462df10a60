"""A user name is one name in any case."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from annotation_app.exceptions import ConflictError
from annotation_app.models import User
from annotation_app.services.people.accounts import create_account, create_admin
from tests.factories.world import PASSWORD, make_user

pytestmark = pytest.mark.django_db
MIGRATION = "annotation_app.migrations.0027_user_names_once_in_any_case"


def test_no_account_takes_anothers_name_in_another_case():
    create_admin(username="admin", email="a@example.org", password=PASSWORD)
    for make, name in ((create_account, "ADMIN"), (create_admin, "Admin")):
        with pytest.raises(ConflictError, match="taken"):
            make(username=name, email="b@example.org", password=PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("aDMIN")


@pytest.mark.parametrize("typed", ["Ada-In-Any-Case", "ADA-IN-ANY-CASE", " ada-in-any-case "])
def test_one_signs_in_with_the_name_in_any_case(client, typed):
    user = make_user()
    User.objects.filter(pk=user.pk).update(username="ada-in-any-case")
    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_migration_names_the_accounts_that_stand_in_its_way():
    migration = importlib.import_module(MIGRATION)
    migration.refuse_duplicates(apps, None)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX username_once_in_any_case")
    ids = [User.objects.create_user(name).pk for name in ("twice", "TWICE", "once")]
    with pytest.raises(ValueError, match=rf"twice \(id {ids[0]}\), TWICE \(id {ids[1]}\)") as said:
        migration.refuse_duplicates(apps, None)
    assert "once (id" not in str(said.value)
    assert "Rename all but one" in str(said.value)
