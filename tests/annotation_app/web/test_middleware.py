import pytest
from django.urls import reverse

from tests.factories.world import make_user


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", ["/campaigns/%00/", "/campaigns/a%00b/agreement/", "/collections/?page=%00"]
)
def test_an_address_with_nul_is_refused_before_the_database_sees_it(client, where):
    client.force_login(make_user(superuser=True))
    assert client.get(where).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["home", "job-list", "collection-list", "preferences", "mfa_index"]
)
def test_a_page_for_one_person_is_kept_by_no_cache(client, name):
    client.force_login(make_user(superuser=True))
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/", "/jobs/", "/nowhere/", "/api/v1/campaigns/"])
def test_what_a_guest_is_told_is_kept_by_no_cache_either(client, where):
    assert "no-store" in client.get(where)["Cache-Control"]
