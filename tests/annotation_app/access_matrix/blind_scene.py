"""Two campaigns over one collection, with marks on all that a blind person must not learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group

from annotation_app.enums import BuildState, JobKind, JobState, ReviewState, Split
from annotation_app.models import (
    Campaign,
    Candidate,
    DatasetVersion,
    Flag,
    Generator,
    GoldItem,
    ImageOriginal,
    Item,
    Job,
    JobLine,
    Membership,
    Prediction,
    Rating,
    ReviewCase,
    SnapshotItem,
    Thread,
    ThreadMessage,
    User,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.rating.submission import submit_rating
from tests.annotation_app.access_matrix.cast import Part
from tests.annotation_app.access_matrix.conftest import furnish
from tests.factories.quality_scene import furnish_quality
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

# What names an edit's maker: figures over many items may say these names, without an edit.
MAKERS = ("Markgen-Alpha", "Markgen-Beta")
# What tells of an edit: nobody who may still judge the item reads one of these anywhere.
SECRETS = {
    "seed": "7310042",
    "candidate": "secret-file-",
    "prediction": "2.7182",
    "note": "mark-of-another-rater",
    "decision": "mark-of-a-decision",
    "file": "mark-original-name",
    "metadata": "mark-of-a-photographer",
    "source": "mark-source-dataset",
    "final": "mark-final-score",
}
# What reviewers work with in their own campaign, and raters must not learn.
WORK = {
    "item": "secret-item-",
    "gold": "mark-of-a-gold-reason",
    "flag": "mark-of-a-flag",
    "talk": "mark-of-a-talk",
}


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    user: User
    part: Part


@dataclass(frozen=True)
class BlindScene:
    """People, and a value for every part of an address."""

    here: Campaign
    people: list[Person]
    names: dict[str, Any]


def make_blind_scene(parts: Sequence[Part]) -> BlindScene:
    """Mark a collection, furnish the campaign that is knocked at, and let others rate in both."""
    here = make_campaign(4, k=2)
    _mark_items(here)
    there = _second_campaign(here)
    annotator, _colleague = make_annotators(here, 2)
    rating = _rate(here, annotator)
    [neighbour] = make_annotators(there, 1)
    _rate(there, neighbour)
    lease = lease_next_task(annotator=annotator, campaign=here, now=NOON)
    names = furnish(here, lease, rating) | furnish_quality(here, annotator)
    _mark_work(here, rating)
    _fill_admin()
    names["gold_item"] = GoldItem.objects.get().campaign_item.item_id
    names["decided"] = ReviewCase.objects.get(state=ReviewState.DECIDED).pk
    names["failed"] = _failed_job(here).public_id
    return BlindScene(here, _people(parts, here, there), names)


def _people(parts: Sequence[Part], here: Campaign, there: Campaign) -> list[Person]:
    """Accounts with these parts."""
    people = []
    for number, part in enumerate(parts):
        user = User.objects.create(
            username=f"person-{number}", is_superuser=part.superuser, is_staff=part.superuser
        )
        for campaign, roles in ((here, part.here), (there, part.there)):
            for role in roles:
                Membership.objects.create(campaign=campaign, user=user, role=role)
        people.append(Person(user, part))
    return people


def _fill_admin() -> None:
    """A row of each kind that packages keep, for their pages of one row."""
    user = User.objects.create(username="packaged")
    EmailAddress.objects.create(user=user, email="packaged@example.org")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    Group.objects.create(name="Packaged")


def _second_campaign(first: Campaign) -> Campaign:
    campaign = create_campaign(
        actor=None,
        name=f"Neighbour of {first.name}",
        collection=first.collection,
        design=CampaignDesign(seed=7, candidates_per_item=2, reserved_share=0.0),
    )
    set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.0)
    plan_campaign(campaign=campaign)
    return campaign


def _mark_items(campaign: Campaign) -> None:
    """Names of makers, seeds, files and metadata."""
    makers = [Generator.objects.create(name=name) for name in MAKERS]
    candidates = list(Candidate.objects.filter(item__collection=campaign.collection))
    for place, candidate in enumerate(candidates):
        candidate.generator = makers[place % 2]
        candidate.seed = int(SECRETS["seed"] + f"{place:03}")
        candidate.metadata = {"prompt": SECRETS["metadata"]}
    Candidate.objects.bulk_update(candidates, ["generator", "seed", "metadata"])
    Item.objects.filter(collection=campaign.collection).update(
        metadata={"photographer": SECRETS["metadata"]}, source_dataset=SECRETS["source"]
    )
    for image in {candidate.image for candidate in candidates}:
        name = f"{SECRETS['file']}-{image.pk}.png"
        ImageOriginal.objects.create(image=image, file_sha256=f"{image.pk:064}", name=name)


def _rate(campaign: Campaign, annotator: User) -> Rating:
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=NOON)
    judgement = make_judgement(lease, note=SECRETS["note"])
    return submit_rating(lease=lease, judgement=judgement, now=NOON).rating


def _mark_work(campaign: Campaign, rating: Rating) -> None:
    """Notes, gold, flags, talk, decisions, predictions, and a version that holds it all."""
    GoldItem.objects.update(explanations={"if": {"": WORK["gold"]}})
    Flag.objects.update(note=WORK["flag"])
    thread = Thread.objects.get(campaign_item=rating.campaign_item_id)
    said = {"lease": rating.lease, "author": rating.annotator, "from_staff": False}
    ThreadMessage.objects.create(thread=thread, body=WORK["talk"], created_at=NOON, **said)
    # decided by somebody once: the item of the open dispute is the same
    ReviewCase.objects.create(
        campaign=campaign, campaign_item=rating.campaign_item, reasons=["range"], state="decided",
        opened_at=NOON, decided_at=NOON, decided_by=rating.annotator, note=SECRETS["decision"],
    )  # fmt: skip
    model = campaign.models.get()
    for candidate in Candidate.objects.filter(item__collection=campaign.collection):
        Prediction.objects.create(
            model=model, candidate=candidate, means=[2.71828, 2.71828], deviations=[0.1, 0.1],
            overall_mean=2.71828, overall_deviation=0.1, epistemic=0.1,
        )  # fmt: skip
    _mark_version(campaign)


def _failed_job(campaign: Campaign) -> Job:
    """A build that names an item and its edit in the words that it ended with."""
    candidate = Candidate.objects.filter(item__collection=campaign.collection)[0]
    job = Job.objects.create(
        kind=JobKind.EXPORT_DATASET,
        campaign=campaign,
        state=JobState.FAILED,
        error=f"Item {candidate.item.external_id}, {candidate.external_id}: its file is missing",
    )
    JobLine.objects.create(job=job, text=f"{candidate.external_id} of {MAKERS[0]}")
    return job


def _mark_version(campaign: Campaign) -> None:
    version = DatasetVersion.objects.select_related("snapshot").get(campaign=campaign)
    assert version.snapshot is not None
    first = campaign.campaign_items.select_related("item").order_by("pk")[0]
    candidate = first.item.candidates.all()[0].external_id
    SnapshotItem.objects.bulk_create(
        SnapshotItem(snapshot=version.snapshot, campaign_item=one, split=Split.TRAIN, facts={})
        for one in campaign.campaign_items.all()
    )
    told = {"count": 1, "listed": [{"item_id": first.item.external_id, "candidates": [candidate]}]}
    nothing = {"count": 0, "listed": []}
    report = {
        "guards": {
            "identical_candidates": told,
            "duplicate_rows": nothing,
            "contradicting_rows": nothing,
        },
        "splits": {"quarantined": {"count": 1, "listed": [{"items": [candidate], "splits": []}]}},
    }
    version.snapshot.report = report
    version.snapshot.save(update_fields=["report"])
    text = f'[{{"score": "{SECRETS["final"]}", "model": "{MAKERS[0]}", "id": "{candidate}"}}]'
    file = Path(settings.EXPORT_ROOT) / "walked" / "train.json"
    file.write_text(text)
    listed = {"train.json": {"bytes": file.stat().st_size, "sha256": ""}}
    files = {**version.manifest["files"], **listed}
    version.manifest = {**version.manifest, "report": report, "files": files}
    version.save(update_fields=["manifest"])
    for benchmark in campaign.benchmarks.exclude(manifest={}):
        benchmark.manifest = {**benchmark.manifest, "files": listed}
        benchmark.save(update_fields=["manifest"])
    Job.objects.filter(kind=JobKind.IMPORT_ITEMS).update(
        state=JobState.SUCCEEDED, result={"imported": 1, "notices": [f"{candidate} looks odd"]}
    )
    campaign.models.update(state=BuildState.READY)
