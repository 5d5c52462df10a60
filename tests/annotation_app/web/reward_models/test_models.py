"""The page of a reward model: its card with the charts that lie beside it."""

import re

import pytest
from django.test import Client

from annotation_app.enums import BuildState
from annotation_app.models import RewardModelVersion
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db
CHARTS = ("accuracy", "reliability", "sigma_error", "risk_coverage")


def test_the_charts_of_the_card_are_shown(settings, tmp_path):
    settings.MODEL_ROOT = tmp_path
    campaign = make_campaign(1)
    version = RewardModelVersion.objects.create(
        campaign=campaign,
        rubric=campaign.rubric,
        number=3,
        backbone="compact",
        state=BuildState.READY,
        folder="m",
    )
    (tmp_path / "m").mkdir()
    pictures = " ".join(f"![Chart of {name}]({name}.svg)" for name in CHARTS)
    (tmp_path / "m" / "card.md").write_text(f"# Reward model card\n\n{pictures}\n")
    for name in CHARTS:
        (tmp_path / "m" / f"{name}.svg").write_text(f"<svg>{name}</svg>")
    client = Client()
    client.force_login(make_user(superuser=True))
    page = client.get(f"/campaigns/{campaign.slug}/models/{version.number}/").content.decode()
    shown = re.findall(r'<img [^>]*src="([^"]+)"', page)
    assert len(shown) == len(CHARTS)
    for name, address in zip(CHARTS, shown, strict=True):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert answer.content.decode() == f"<svg>{name}</svg>"
