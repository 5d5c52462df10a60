"""A campaign whose α is known by hand."""

from functools import partial

import pytest

from annotation_app.enums import Role
from annotation_app.models import Campaign, User
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign, make_user

ITEMS, CANDIDATES = 6, 2


@pytest.fixture
def rated(db: None) -> Campaign:
    """Twelve candidates rated twice: alike on `if`, always 1 beside 2 on `vq`."""
    campaign = make_campaign(ITEMS, k=CANDIDATES, base=2)
    for which, annotator in enumerate(make_annotators(campaign, 2)):
        for item in range(ITEMS):
            rate_by_rule(campaign, annotator, partial(_level, item, which))
    return campaign


def _level(item: int, which: int, place: int, key: str) -> int:
    return 1 + (place + item) % 4 if key == "if" else 1 + which


@pytest.fixture
def researcher(rated: Campaign) -> User:
    person = make_user()
    add_member(actor=None, campaign=rated, user=person, role=Role.RESEARCHER)
    return person
