import pytest

from tests.factories.world import make_user


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", ["/campaigns/%00/", "/campaigns/a%00b/agreement/", "/collections/?page=%00"]
)
def test_an_address_with_nul_is_refused_before_the_database_sees_it(client, where):
    client.force_login(make_user(superuser=True))
    assert client.get(where).status_code == 400
