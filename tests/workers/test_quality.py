"""The regular checks of annotators' work."""

import pytest

from annotation_app.enums import AlertKind, Purpose
from annotation_app.models import Check, QualityCursor, Task
from annotation_app.selectors.alerts.alerts import alert_sentence, open_alerts
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from tests.factories.gold import answer_next, make_gold
from tests.factories.world import make_annotators, make_campaign
from workers.tasks import quality

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaigns():
    made = [make_campaign(8, k=2) for _ in range(2)]
    for campaign in made:
        make_gold(campaign, 5)
        set_quality_plan(actor=None, campaign=campaign, changes={"gold_share": 1.0})
    return made


def test_a_round_stocks_and_judges_every_active_campaign(campaigns):
    people = [make_annotators(campaign, 1)[0] for campaign in campaigns]
    assert quality.check_quality() == 2
    assert Task.objects.filter(purpose=Purpose.GOLD).count() == 6
    for campaign, person in zip(campaigns, people, strict=True):
        answer_next(campaign, person, draws=[0.0])
    # a round reads what was rated since the last one: the trial's ratings are of another day
    QualityCursor.objects.all().delete()
    assert quality.check_quality() == 2
    assert Check.objects.filter(passed=True).count() == 2


def test_a_round_that_fails_leaves_the_other_campaigns_alone(campaigns, monkeypatch, caplog):
    broken, sound = campaigns
    [ann] = make_annotators(sound, 1)

    def run(*, campaign, **options):
        if campaign == broken:
            raise RuntimeError("no disk")
        run_quality_checks(campaign=campaign, **options)

    monkeypatch.setattr(quality, "run_quality_checks", run)
    assert quality.check_quality() == 1
    assert Task.objects.filter(purpose=Purpose.GOLD, assigned_to=ann).count() == 3
    assert broken.slug in caplog.text
    [alert] = open_alerts(broken)
    assert (alert.kind, alert.arguments) == (AlertKind.CHECKS_FAILED, {"error": "RuntimeError"})
    assert "RuntimeError" in alert_sentence(alert)
    monkeypatch.undo()
    assert quality.check_quality() == 2
    assert open_alerts(broken) == []
