"""Small worlds for the rating tests: a collection with images, a planned campaign, its people."""

import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Picture

from annotation_app.enums import Role
from annotation_app.models import (
    Campaign,
    Candidate,
    Collection,
    Generator,
    Image,
    Item,
    Lease,
    User,
)
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.judgements import Judgement, ScoreInput

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"  # noqa: S105 - of people that live in tests only
GENERATORS = ("Qwen-Image-Edit", "FLUX-Kontext", "Bagel", "Step1X", "OmniGen2", "UniWorld")

_numbers = count(1)


def make_picture(colour: tuple[int, int, int], size: tuple[int, int] = (8, 6)) -> Image:
    """Store a plain picture as lossless WebP and return its row."""
    picture = Picture.new("RGB", size, colour)
    digest = hashlib.sha256(picture.tobytes() + repr(size).encode()).hexdigest()
    stored = Image.objects.filter(pixel_sha256=digest).first()
    if stored is not None:
        return stored
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True)
    name = default_storage.save(f"images/{uuid4().hex}.webp", ContentFile(buffer.getvalue()))
    return Image.objects.create(
        pixel_sha256=digest,
        width=size[0],
        height=size[1],
        perceptual_hash=int(digest[:15], 16),
        file=name,
        thumbnail=name,
        file_bytes=buffer.tell(),
    )


def make_collection(items: int, pool: int = 12, *, size: tuple[int, int] = (8, 6)) -> Collection:
    """Create a collection whose items have `pool` candidates by six generators."""
    number = next(_numbers)
    collection = Collection.objects.create(name=f"Pool {number}", slug=f"pool-{number}")
    generators = [Generator.objects.get_or_create(name=name)[0] for name in GENERATORS]
    source = make_picture((90, 90, 90), size)
    edits = [make_picture((10 * i, 40, 200 - 10 * i), size) for i in range(1, pool + 1)]
    rows = Item.objects.bulk_create(
        Item(
            collection=collection,
            external_id=f"secret-item-{i:05}",
            instruction=f"Make thing {i} blue.",
            category=("colour", "object")[i % 2],
            source_image=source,
        )
        for i in range(items)
    )
    Candidate.objects.bulk_create(
        Candidate(
            item=item,
            external_id=f"secret-file-{i}.png",
            generator=generators[i % len(generators)],
            seed=987_000 + i,
            image=edits[i],
        )
        for item in rows
        for i in range(pool)
    )
    return collection


def make_campaign(
    items: int,
    *,
    k: int = 7,
    base: int = 1,
    share: float = 0.0,
    overlap: int = 1,
    reserved: float = 0.0,
) -> Campaign:
    """Create and plan a campaign over a fresh collection of `items` items."""
    collection = make_collection(items)
    campaign = create_campaign(
        actor=None,
        name=f"Trial {next(_numbers)}",
        collection=collection,
        design=CampaignDesign(seed=42, candidates_per_item=k, reserved_share=reserved),
    )
    set_overlap_plan(
        actor=None,
        campaign=campaign,
        base_ratings=base,
        overlap_share=share,
        overlap_ratings=max(base, overlap),
    )
    plan_campaign(campaign=campaign)
    return campaign


def make_user(name: str = "", *, superuser: bool = False) -> User:
    """Create a person who can sign in with PASSWORD."""
    name = name or f"person{next(_numbers)}"
    make = User.objects.create_superuser if superuser else User.objects.create_user
    return make(username=name, email=f"{name}@example.org", password=PASSWORD)


def make_annotators(campaign: Campaign, number: int) -> list[User]:
    """Create annotators of a campaign."""
    people = [make_user() for _ in range(number)]
    for person in people:
        add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
    return people


def make_judgement(lease: Lease, levels: Sequence[int] = (3, 2), **changes: object) -> Judgement:
    """Return a complete judgement of a lease under the default rubric."""
    scores = [
        ScoreInput(candidate_id=candidate, dimension=dimension, level=level)
        for candidate in lease.candidate_order
        for dimension, level in zip(("if", "vq"), levels, strict=True)
    ]
    values: dict[str, object] = {
        "client_uuid": uuid4(),
        "scores": scores,
        "seconds": 41.5,
        "aids": {},
    }
    return Judgement(**(values | changes))  # type: ignore[arg-type]  # a test's own changes


def make_viewable_campaign(items: int, *, k: int = 3) -> Campaign:
    """Create and plan a campaign whose pictures are large enough to be looked at."""
    campaign = create_campaign(
        actor=None,
        name=f"Gallery {next(_numbers)}",
        collection=make_collection(items, size=(320, 240)),
        design=CampaignDesign(seed=42, candidates_per_item=k, reserved_share=0.0),
    )
    set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.0)
    plan_campaign(campaign=campaign)
    return campaign
