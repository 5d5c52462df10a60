"""Pages of allauth are in sentence case, as all others."""

import re

import pytest
from django.utils.translation import gettext, override

TITLES = re.compile(r"<(?:h1|h2|button|label|title)[^>]*>\s*([^<{]+?)\s*<")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_a_page_before_sign_in_has_no_title_case(client, address):
    page = client.get(address).content.decode()
    titles = TITLES.findall(page)
    assert titles
    assert [text for text in titles if re.search(r"\s(?!EditJury|I\b)[A-Z][a-z]", text)] == []


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Sign In", "Sign in"), ("IP Address", "IP address"), ("Recovery Codes", "Recovery codes")],
)
def test_texts_of_allauth_are_changed_in_english_only(theirs, ours):
    with override("en"):
        assert gettext(theirs) == ours
    with override("zh-hans"):
        assert gettext(theirs) not in {theirs, ours}
