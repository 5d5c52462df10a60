import re

import pytest
from django.apps import apps
from django.db import connection
from psycopg import ClientCursor

from annotation_app.enums import Lane
from annotation_app.models import Campaign, QueueCursor, Task, User
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.queue.picking import (
    AHEAD,
    AVAILABILITY,
    INELIGIBLE,
    PICK,
    START,
    WINDOW,
    QueuePosition,
    queue_values,
)
from tests.factories.queues import fill_queue, rate_first
from tests.factories.world import NOON, make_annotators, make_campaign

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MOST_ROWS = WINDOW  # of the queue's index, in one statement
MOST_EXTRA_BUFFERS = 30  # of the plan that is kept for all values, over the one made for these
MOST_BUFFERS = 120  # 8 kB pages: one descent of each index, and what a window may touch
SIZES = (10_000, 100_000)  # 1,000,000 in benchmarks/contention


EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


def explain(statement, values):
    """Return the plan for these very values, and check the one that the server keeps for all."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    kept = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    arguments = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor, ClientCursor(connection.connection) as plain:
        cursor.execute(EXPLAIN + statement, values)
        plan = cursor.fetchone()[0]
        plain.execute(f"PREPARE kept AS {kept}")
        plain.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        plain.execute(f"{EXPLAIN} EXECUTE kept ({arguments})", [values[name] for name in names])
        general = plain.fetchone()[0]
        plain.execute("DEALLOCATE kept")
    assert touched(general[0]["Plan"]) <= touched(plan[0]["Plan"]) + MOST_EXTRA_BUFFERS
    return plan[0]["Plan"]


def walk(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from walk(part)


def touched(plan):
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def is_empty(table):
    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    return not model.objects.exists()


def cost_of(statement, values):
    """Return (rows read from any table, buffers touched, tables of tasks read whole)."""
    plan = explain(statement, values)
    scans = [part for part in walk(plan) if "Relation Name" in part]
    rows = sum(
        (part["Actual Rows"] + part.get("Rows Removed by Filter", 0)) * part["Actual Loops"]
        for part in scans
    )
    # What a table without a live row costs are the dead pages of other tests' rolled-back rows.
    empty = [part for part in scans if part["Actual Loops"] and is_empty(part["Relation Name"])]
    buffers = touched(plan) - sum(map(touched, empty))
    whole = [part["Relation Name"] for part in scans if part["Node Type"] == "Seq Scan"]
    return rows, buffers, [name for name in whole if name == "annotation_app_task"]


def pick_cost(annotator: User, campaign: Campaign, after: QueuePosition):
    values = queue_values(annotator_id=annotator.pk, campaign_id=campaign.pk, now=NOON)
    values |= {"lane": Lane.RANKED.value, **after._asdict()}
    return cost_of(PICK.format(source=AHEAD, barred=INELIGIBLE, turn="seen.id"), values)


@pytest.fixture(autouse=True)
def swept_tables(django_db_setup, django_db_blocker):
    """Clear away the dead rows that other tests rolled back: they would count as pages touched."""
    with django_db_blocker.unblock():
        sweeper = connection.copy()
        try:
            with sweeper.cursor() as cursor:
                cursor.execute("VACUUM")
        finally:
            sweeper.close()


@pytest.fixture
def campaign(swept_tables, db):
    return make_campaign(1, k=1)


@pytest.mark.parametrize("size", SIZES)
def test_the_next_task_costs_the_same_however_long_the_queue_is(campaign, size):
    fill_queue(campaign, size)
    [annotator] = make_annotators(campaign, 1)
    rows, buffers, whole = pick_cost(annotator, campaign, START)
    assert rows <= MOST_ROWS
    assert buffers <= MOST_BUFFERS
    assert whole == []
    values = queue_values(annotator_id=annotator.pk, campaign_id=campaign.pk, now=NOON)
    rows, buffers, whole = cost_of(AVAILABILITY, values)
    assert rows <= 5
    assert buffers <= 20
    assert whole == []


def test_it_costs_the_same_for_whoever_has_done_the_first_five_thousand(campaign):
    fill_queue(campaign, 30_000, slots=3)
    [veteran, newcomer] = make_annotators(campaign, 2)
    rate_first(campaign, veteran, 5000)

    lease = lease_next_task(annotator=veteran, campaign=campaign, now=NOON)
    unmet = Task.objects.filter(campaign=campaign, state="open").exclude(
        campaign_item__tasks__leases__annotator=veteran
    )
    assert lease.task.priority >= unmet.order_by("-priority").values_list("priority", flat=True)[0]

    cursor = QueueCursor.objects.get(annotator=veteran)
    assert cursor.ranked_priority is not None
    assert cursor.ranked_task is not None
    place = QueuePosition(cursor.ranked_priority, cursor.ranked_task)
    rows, buffers, whole = pick_cost(veteran, campaign, place)
    assert rows <= MOST_ROWS
    assert buffers <= MOST_BUFFERS
    assert whole == []
    fresh = pick_cost(newcomer, campaign, START)
    assert fresh[0] <= MOST_ROWS
