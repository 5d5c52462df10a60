"""A world with one of everything that an address can name, and people of every role."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from annotation_app.enums import AlertKind, BuildState, JobKind, JobState, Role
from annotation_app.models import (
    AgreementReport,
    Alert,
    Campaign,
    DatasetVersion,
    ExternalSet,
    GuidelineImage,
    Item,
    Job,
    Lease,
    Rating,
    RatingsImport,
    RewardModelVersion,
    Snapshot,
    Thread,
    User,
    Webhook,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.invitations import invite
from annotation_app.services.people.members import add_member
from tests.factories.benchmarks import make_benchmarks
from tests.factories.quality_scene import furnish_quality
from tests.factories.rated import rate_next
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_picture,
    make_user,
)


@dataclass(frozen=True)
class Scene:
    """The objects behind addresses, and the people who knock."""

    campaign: Campaign
    lease: Lease
    rating: Rating
    people: dict[str, User | None]
    names: dict[str, Any]


@pytest.fixture
def scene(db: None) -> Scene:
    """People: nobody, outsider, annotator (owner of the lease), colleague, researcher, …"""
    campaign = make_campaign(4, k=2)
    annotator, colleague = make_annotators(campaign, 2)
    rating = rate_next(campaign, annotator)
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=NOON)
    people: dict[str, User | None] = {
        "nobody": None,
        "outsider": make_user(),
        "annotator": annotator,
        "colleague": colleague,
        "superuser": make_user(superuser=True),
    }
    for role in (Role.RESEARCHER, Role.REVIEWER, Role.ADMIN):
        user = people[role.value] = make_user()
        add_member(actor=None, campaign=campaign, user=user, role=role)
    stranger = make_campaign(1, k=2)
    user = people["foreign admin"] = make_user()
    add_member(actor=None, campaign=stranger, user=user, role=Role.ADMIN)
    names = furnish(campaign, lease, rating) | furnish_quality(campaign, annotator)
    return Scene(campaign, lease, rating, people, names)


def furnish(campaign: Campaign, lease: Lease, rating: Rating) -> dict[str, Any]:
    """A value for every part that an address may have."""
    folder = Path(settings.EXPORT_ROOT) / "walked"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train.json").write_text("[]")
    (folder / "manifest.json").write_text("{}")
    (folder / "README.md").write_text("---\nlicense: other\n---\n# Pairs\n\nFew.\n")
    guideline = campaign.guideline
    assert guideline is not None
    dataset = DatasetVersion.objects.create(
        campaign=campaign,
        number=1,
        seed=0,
        state=BuildState.READY,
        folder="walked",
        snapshot=Snapshot.objects.create(
            campaign=campaign, rubric=campaign.rubric, guideline=guideline, is_simulated=False
        ),
        job=Job.objects.create(
            kind=JobKind.EXPORT_DATASET, campaign=campaign, state=JobState.SUCCEEDED
        ),
        manifest={
            "files": {
                "README.md": {"bytes": 39, "sha256": "1f"},
                "train.json": {"bytes": 2, "sha256": "2e"},
            }
        },
    )
    job = Job.objects.create(
        kind=JobKind.IMPORT_ITEMS,
        campaign=campaign,
        arguments={
            "collection": campaign.collection_id,
            "dry_run": True,
            "upload": "",
            "folder": "",
            "by_reference": False,
            "campaign_id": campaign.pk,
        },
    )
    RewardModelVersion.objects.create(
        campaign=campaign,
        number=1,
        rubric=campaign.rubric,
        dataset=dataset,
        backbone="compact",
        state=BuildState.READY,
        folder="walked",
        job=job,
    )
    model = Path(settings.MODEL_ROOT) / "walked"
    model.mkdir(parents=True, exist_ok=True)
    (model / "card.md").write_text("# Reward model card\n\nSmall.")
    report = AgreementReport.objects.create(
        campaign=campaign, figures={"pooled": {}}, method={"versions": {}}, rating_count=1
    )
    alert = Alert.objects.create(
        campaign=campaign, kind=AlertKind.QUEUE_STARVED, arguments={}, opened_at=NOON
    )
    webhook = Webhook.objects.create(campaign=campaign, url="https://hooks.example.org/")
    run, ranking = make_benchmarks(campaign, rating.annotator, "walked")
    ratings_import = RatingsImport.objects.create(
        campaign=campaign, name="r.csv", design="imported"
    )
    ratings_job = Job.objects.create(
        kind=JobKind.IMPORT_RATINGS,
        campaign=campaign,
        arguments={
            "campaign": campaign.pk,
            "dry_run": True,
            "upload": "",
            "folder": "",
            "name": "r.csv",
            "declared_random": False,
        },
    )
    item = campaign.campaign_items.first()
    # pixels that no other collection holds: who sees a collection sees its images
    image = make_picture((1, 2, 3), (5, 5))
    assert item is not None
    Item.objects.filter(pk=item.item_id).update(source_image=image)
    listed = ExternalSet.objects.create(
        collection=campaign.collection, name="Test set elsewhere", hashes=["0" * 64]
    )
    # a benchmark's set is refused to everybody, so that each who knocks finds it there
    campaign.benchmarks.update(external_set=listed)
    fresh = invite(
        actor=make_user(superuser=True),
        campaign=campaign,
        email="guest@example.org",
        role=Role.ANNOTATOR,
        now=timezone.now(),
    )
    picture = make_picture((7, 8, 9), (5, 5))
    example = GuidelineImage.objects.create(campaign=campaign, image=picture, name="An example")
    thread, _is_new = Thread.objects.get_or_create(
        campaign_item_id=rating.campaign_item_id,
        defaults={"campaign": campaign, "last_message_at": NOON},
    )
    return {
        "guideline-image": example.public_id,
        "thread": thread.public_id,
        "invitation": fresh.invitation.pk,
        "invitation-token": fresh.token,
        "slug": campaign.slug,
        "collection": campaign.collection.slug,
        "number": 1,
        "path": "train.json",
        "name": "card.md",
        "item_id": item.item_id,
        "campaign_item": rating.campaign_item_id,
        "rater": rating.annotator.public_id,
        "other": 1,
        "set_id": listed.pk,
        "position": 1,
        "state": "paused",
        "lease": lease.token,
        "image": image.token,
        "job": job.public_id,
        "report": report.public_id,
        "client_uuid": rating.client_uuid,
        "alert": alert.public_id,
        "webhook": webhook.public_id,
        "kind": "csv",
        "chart": "dimensions",
        "judge": run.public_id,
        "ranking": ranking.token,
        "ratings-job": ratings_job.public_id,
        "ratings-import": ratings_import.public_id,
    }
