"""The demo's simulated world on disk and in the database."""

import os
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.text import slugify
from tqdm import tqdm

from annotation_app.enums import SamplingStrategy
from annotation_app.models import Campaign, Collection
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.collections import create_collection
from annotation_app.services.collections.importing.running import import_items
from simulation.manifest import MANIFEST, write_manifest
from simulation.world import World

NAME = "Simulated demo"
CAMPAIGN_SEED = 20_260


def draw_world(world: World, folder: Path) -> Path:
    """Draw the world's images unless they are there."""
    if not (folder / MANIFEST).exists():
        with tqdm(desc="Drawing scenes and edits", total=len(world), unit=" items") as bar:

            def show(done: int, _total: int) -> None:
                bar.update(done - bar.n)

            write_manifest(world, folder, processes=os.cpu_count() or 1, progress=show)
    return folder


def import_world(folder: Path) -> Collection:
    """Import the drawn world; what is there already stays."""
    found = Collection.objects.filter(name=NAME).first()
    collection = found or create_collection(name=NAME, actor=None, is_simulated=True)
    with tqdm(desc="Importing images losslessly", unit=" items") as bar:

        def show(done: int, total: int, _message: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        summary = import_items(path=folder, collection=collection, progress=show)
    if summary.has_failures:
        raise CommandError(f"The demo's own world was refused: {summary.problems[:3]}")
    return collection


def ensure_campaign(collection: Collection) -> Campaign:
    """The demo's campaign with three ratings of every item, planned."""
    campaign = Campaign.objects.filter(slug=slugify(NAME)).first()
    if campaign is None:
        campaign = create_campaign(
            actor=None,
            name=NAME,
            collection=collection,
            design=CampaignDesign(
                seed=CAMPAIGN_SEED,
                sampling=SamplingStrategy.UNIFORM,
                description="Procedural scenes, simulated editors and annotators, known truth.",
                agreement_gate={"if": 0.6, "vq": 0.5},
            ),
        )
        set_overlap_plan(
            actor=None, campaign=campaign, base_ratings=3, overlap_share=0.0, overlap_ratings=3
        )
    plan_campaign(campaign=campaign)
    return campaign
