"""Two annotators who rate the same items, the second one level lower on `if`."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from annotation_app.enums import Role
from annotation_app.models import Campaign, User
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

ITEMS = 6


@dataclass(frozen=True)
class Pair:
    campaign: Campaign
    lenient: User
    strict: User
    researcher: User


@pytest.fixture
def pair(db: None) -> Pair:
    """On `if` 3 and 4 in turn beside one less; on `vq` the lenient one always says 2."""
    campaign = make_campaign(ITEMS, k=3, base=2)
    lenient, strict = make_annotators(campaign, 2)
    for which, annotator in enumerate((lenient, strict)):
        for item in range(ITEMS):
            rate_by_rule(
                campaign,
                annotator,
                partial(_level, which),
                now=NOON + timedelta(minutes=item),
            )
    researcher = make_user()
    add_member(actor=None, campaign=campaign, user=researcher, role=Role.RESEARCHER)
    return Pair(campaign, lenient, strict, researcher)


def _level(which: int, place: int, key: str) -> int:
    return 3 + place % 2 - which if key == "if" else 2 + which * (place % 2)
