"""Other campaigns of the loop: a draft, two with pilots, paused, finished, simulated."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from annotation_app.enums import AlertKind, CampaignState, JobKind, Role
from annotation_app.models import Campaign, Collection
from annotation_app.services.alerts.lifecycle import (
    acknowledge_alert,
    raise_alert,
    resolve_alert,
)
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    change_campaign_state,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.pilots import promote_pilot, start_pilot
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.collections import create_collection
from annotation_app.services.collections.external_set_jobs import request_external_set
from annotation_app.services.collections.importing.running import import_items
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.people.members import add_member
from simulation.annotators.rosters import Plant, build_roster
from simulation.manifest import write_manifest
from simulation.world import World
from tests.factories.loop.jobs import succeed
from tests.factories.loop.material import CANDIDATES
from tests.factories.loop.opening import moment
from tests.factories.loop.people import Cast, join
from tests.factories.loop.rating import rate_next
from tests.factories.loop.words import two_lines
from tests.factories.world import make_user

ROSTER = {"seed": 11, "size": 3}


def open_others(cast: Cast, collection: Collection) -> None:
    """Campaigns of every state, and one in its pilot and one after it."""
    for state, then in (
        (CampaignState.DRAFT, None),
        (CampaignState.ACTIVE, CampaignState.PAUSED),
        (CampaignState.ACTIVE, CampaignState.FINISHED),
    ):
        campaign = _campaign(cast, collection, f"A campaign {then or state}", state)
        if then is not None:
            change_campaign_state(actor=cast.admin, campaign=campaign, state=then)
    for name in ("In its pilot", "After its pilot"):
        _pilot(cast, _campaign(cast, collection, name, CampaignState.ACTIVE))
    succeed(
        request_external_set(
            collection=collection,
            name="Elsewhere",
            file=ContentFile(b"0" * 64, name="elsewhere.sha256"),
            created_by=cast.operator,
        )
    )


def _campaign(cast: Cast, collection: Collection, name: str, state: CampaignState) -> Campaign:
    campaign = create_campaign(
        actor=cast.operator,
        name=name,
        collection=collection,
        design=CampaignDesign(
            rubric=Campaign.objects.filter(collection=collection)[0].rubric,
            seed=1,
            candidates_per_item=CANDIDATES,
            description=two_lines("A small one."),
            state=state,
        ),
    )
    set_overlap_plan(actor=cast.operator, campaign=campaign, base_ratings=1)
    plan_campaign(campaign=campaign)
    join(cast, campaign)
    return campaign


def _pilot(cast: Cast, campaign: Campaign) -> None:
    pilot = start_pilot(actor=cast.admin, campaign=campaign, count=2, now=moment())
    for which, person in enumerate(cast.raters):
        for turn in range(2):
            rate_next(campaign, person, partial(_apart, which), moment(turn))
    if campaign.name.startswith("After"):
        succeed(promote_pilot(actor=cast.admin, pilot=pilot, now=moment(3)))


def _apart(which: int, place: int, _key: str) -> int:
    """Levels on which no two people agree."""
    return 1 + (place + which) % 4


def open_simulated(cast: Cast) -> Campaign:
    """A simulated campaign, rated by a job."""
    world = World(seed=7, items=3, bad_category=None)
    collection = create_collection(name="Simulated", actor=cast.operator, is_simulated=True)
    with tempfile.TemporaryDirectory() as folder:
        write_manifest(world, Path(folder), processes=1)
        import_items(path=Path(folder), collection=collection)
    campaign = create_campaign(
        actor=cast.operator,
        name="Simulated loop",
        collection=collection,
        design=CampaignDesign(seed=5, description=two_lines("Not by people.")),
    )
    set_overlap_plan(
        actor=cast.operator, campaign=campaign, base_ratings=2, overlap_share=0, overlap_ratings=2
    )
    plan_campaign(campaign=campaign)
    join(cast, campaign)
    for one in build_roster(ROSTER["seed"], ROSTER["size"], Plant(spammers=1)):
        person = make_user(one.name)
        person.is_simulated = True
        person.save()
        add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
    arguments = {"world": {"seed": 7, "items": 3}, "roster": ROSTER, "share": 1.0}
    succeed(
        create_job(
            kind=JobKind.SIMULATE_RATINGS,
            arguments=arguments,
            created_by=cast.operator,
            campaign=campaign,
        )
    )
    return campaign


ARGUMENTS: dict[AlertKind, dict[str, Any]] = {
    AlertKind.AGREEMENT_BELOW_GATE: {"dimension": "items", "high": "0.50", "gate": "0.99"},
    AlertKind.ANNOTATOR_PAUSED: {"annotator": "A-1", "reason": "Gold items"},
    AlertKind.QUEUE_STARVED: {"open": 1, "annotators": 5, "target": 600, "idle": 2},
    AlertKind.STORE_DIFFERS: {"count": 2, "first": ["pooled"]},
    AlertKind.REPORT_DIFFERS: {"day": "2026-01-31", "difference": "1.0e-02"},
    AlertKind.AUDIT_CHANGED: {"count": 1},
}


def raise_alerts(cast: Cast, campaign: Campaign) -> None:
    """An alert of every kind: open, acknowledged and over."""
    for kind, arguments in ARGUMENTS.items():
        for subject in ("open", "seen", "over"):
            alert = raise_alert(
                campaign=campaign, kind=kind, subject=subject, arguments=arguments, now=moment()
            )
            if subject == "seen":
                acknowledge_alert(actor=cast.admin, alert=alert, now=timezone.now())
            if subject == "over":
                resolve_alert(campaign=campaign, kind=kind, subject=subject, now=timezone.now())
