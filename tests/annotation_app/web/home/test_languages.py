"""Whose language a page speaks: the person's, else the cookie's, else the browser's."""

import pytest
from django.urls import reverse

from tests.factories.world import make_user

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN,zh;q=0.9"}


def spoken(client, **options):
    text = client.get("/", **options).content.decode()
    return text.split('<html lang="', 1)[1].split('"', 1)[0]


@pytest.fixture
def person(client):
    person = make_user()
    client.force_login(person)
    return person


@pytest.mark.parametrize("chosen", ["en", "zh-hans"])
def test_a_chosen_language_is_spoken_in_every_browser(client, person, chosen):
    person.language = chosen
    person.save()
    assert spoken(client) == chosen
    assert spoken(client, headers=CHINESE) == chosen
    client.cookies["django_language"] = "en" if chosen == "zh-hans" else "zh-hans"
    assert spoken(client) == chosen  # somebody else's cookie on a shared machine


def test_who_has_chosen_none_hears_the_browsers(client, person):
    assert person.language == ""
    assert spoken(client) == "en"
    assert spoken(client, headers=CHINESE) == "zh-hans"


def test_switching_and_preferences_choose_and_unchoose(client, person):
    client.post(reverse("set-language"), {"language": "en", "next": "/"})
    person.refresh_from_db()
    assert person.language == "en"
    assert spoken(client, headers=CHINESE) == "en"
    client.post(reverse("preferences"), {"language": "", "theme": "dark"})
    person.refresh_from_db()
    assert (person.language, person.theme) == ("", "dark")
    assert spoken(client, headers=CHINESE) == "zh-hans"


def test_a_guests_switch_is_a_cookie(client):
    client.post(reverse("set-language"), {"language": "zh-hans", "next": "https://evil.example/"})
    answer = client.get(reverse("account_login"))
    assert '<html lang="zh-hans"' in answer.content.decode()
