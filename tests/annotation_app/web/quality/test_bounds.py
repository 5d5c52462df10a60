"""Figures of quality rules: whatever is entered is refused or harmless."""

import random
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation_app.enums import Role
from annotation_app.models import QualityPlan
from annotation_app.models.quality_plans import BOUNDS
from annotation_app.selectors.quality.rule_lengths import rule_lengths
from annotation_app.services.people.members import add_member
from annotation_app.services.quality_checks import run_quality_checks
from tests.annotation_app.web.quality.test_quality import filled
from tests.factories.gold import make_gold
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
SILLY = ["1e308", "-1", "1e-300", "nan", "inf", "1" + "0" * 400, "32767"]
SHARES = ["gold_share", "repeat_share", "fast_share", "gold_within_share", "csp_within_share"]


@pytest.mark.parametrize("name", [*BOUNDS, *SHARES])
def test_no_figure_that_the_rules_page_takes_breaks_a_page_or_the_checks(client, name):
    campaign = make_campaign(4, k=2)
    make_gold(campaign, 3)
    make_annotators(campaign, 1)
    admin = make_user()
    for role in (Role.ADMIN, Role.ANNOTATOR):
        add_member(actor=None, campaign=campaign, user=admin, role=role)
    client.force_login(admin)
    rules = f"/campaigns/{campaign.slug}/quality/rules/"
    for value in [*SILLY, *map(str, BOUNDS.get(name, (0, 1)))]:
        gates = {"qualification_required": "on", "csp_enabled": "on"}
        answer = client.post(rules, filled(campaign, **gates | {name: value}))
        assert answer.status_code in {302, 400}, value
        if answer.status_code == 302:
            for page in ("/", f"/campaigns/{campaign.slug}/quality/"):
                assert client.get(page).status_code == 200, (value, page)
            run_quality_checks(campaign=campaign, now=timezone.now(), rng=random.SystemRandom())
    if name in BOUNDS:
        stored = getattr(QualityPlan.objects.get(campaign=campaign), name)
        assert BOUNDS[name][0] <= stored <= BOUNDS[name][1]


def test_a_run_that_never_comes_is_said_to_be_over_ten_million_tasks():
    plan = QualityPlan(**{name: most for name, (_least, most) in BOUNDS.items()}, gold_share=1e-300)
    plan.bad_accuracy, plan.miss = 0.5, 0.1
    rules = rule_lengths(plan, 2)
    assert len(rules) == 9
    assert [rule.speaks for rule in rules[2:8]] == [False] * 6  # a thousand in a row
    assert all(rule.never for rule in rules[2:8])


def test_the_database_refuses_figures_beyond_their_bounds_and_moves_those_it_holds():
    plan = QualityPlan.objects.create(campaign=make_campaign(1, k=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityPlan.objects.filter(pk=plan.pk).update(wait_hours=1e308)
    with connection.cursor() as cursor:
        table = "annotation_app_qualityplan"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT quality_figures_in_bounds")
    silly = {"wait_hours": 1e308, "repeat_after_days": float("nan"), "fast_pause": 30_000}
    QualityPlan.objects.update(**silly, good_accuracy=0.9999, bad_accuracy=0.9995)
    migration = import_module("annotation_app.migrations.0034_quality_figures_in_bounds")
    migration.move_to_bounds(apps, SimpleNamespace(connection=connection))
    plan.refresh_from_db()
    assert (plan.wait_hours, plan.repeat_after_days, plan.fast_pause) == (8784.0, 0.0, 1000)
    assert (plan.good_accuracy, plan.bad_accuracy) == (0.9, 0.7)
