"""The loop's beginning: items imported, a campaign set up, planned, staffed and rated."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from annotation_app.enums import CampaignState, JobState, Role
from annotation_app.models import Campaign, Collection, Rubric
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    change_campaign_state,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.plan_jobs import request_plan
from annotation_app.services.collections.collections import create_collection
from annotation_app.services.collections.importing.jobs import ImportRequest, request_import
from annotation_app.services.people.invitations import (
    accept_invitation,
    invite,
    revoke_invitation,
)
from annotation_app.services.rubrics.files import read_rubric, store_rubric
from annotation_app.services.rubrics.guideline_images import add_guideline_image
from annotation_app.services.rubrics.rubrics import publish_guideline
from tests.factories.files import make_image
from tests.factories.loop.jobs import cancel, run_job, succeed
from tests.factories.loop.material import CANDIDATES, rubric_file, staged_items
from tests.factories.loop.people import Cast, join
from tests.factories.loop.rating import rate_next
from tests.factories.loop.words import METHODS, two_lines
from tests.factories.world import make_user

ITEMS, RATED = 24, 14
DAYS_AGO = timedelta(days=3)


def open_campaign(cast: Cast) -> Campaign:
    """A planned and staffed campaign over an imported collection."""
    collection = create_collection(
        name="Everything", description=two_lines("All there is."), actor=cast.operator
    )
    import_items(cast, collection)
    rubric = store_rubric(actor=cast.operator, file=read_rubric(rubric_file()))
    campaign = create_campaign(
        actor=cast.operator, name="The loop", collection=collection, design=_design(rubric)
    )
    set_overlap_plan(
        actor=cast.operator, campaign=campaign, base_ratings=3, overlap_share=0, overlap_ratings=3
    )
    succeed(request_plan(campaign=campaign, actor=cast.operator))
    change_campaign_state(actor=cast.operator, campaign=campaign, state=CampaignState.ACTIVE)
    campaign.refresh_from_db()
    join(cast, campaign)
    invite_people(cast, campaign)
    return campaign


def _design(rubric: Rubric) -> CampaignDesign:
    return CampaignDesign(
        rubric=rubric,
        seed=7,
        candidates_per_item=CANDIDATES,
        reserved_share=0.2,
        description=two_lines("Every page in one campaign."),
        agreement_gate={METHODS[0]: 0.99},
        state=CampaignState.DRAFT,
        shows_others_after_close=True,
        gives_feedback=True,
    )


def import_items(cast: Cast, collection: Collection) -> None:
    """A dry run and the import itself; one that fails, and one that is stopped."""
    good = ImportRequest(upload=staged_items(0, ITEMS))
    for dry_run in (True, False):
        succeed(
            request_import(
                actor=cast.operator, collection=collection, request=good, dry_run=dry_run
            )
        )
    taken = ImportRequest(upload=staged_items(0, 1, size=(9, 9)))
    conflict = succeed(
        request_import(actor=cast.operator, collection=collection, request=taken, dry_run=True)
    )
    assert conflict.result["conflicts"] == 1
    for stops in (True, False):
        request = ImportRequest(upload=staged_items(90, 2))
        job = request_import(
            actor=cast.operator, collection=collection, request=request, dry_run=False
        )
        if stops:
            assert cancel(job, cast.operator).state == JobState.CANCELLED
        else:
            job.arguments["upload"] = "gone/upload.zip"
            job.save()
            assert run_job(job).state == JobState.FAILED


def invite_people(cast: Cast, campaign: Campaign) -> None:
    """Invitations that wait, were accepted, were revoked and ran out."""
    now = timezone.now()
    guest = make_user("guest")
    for email, when, role in (
        ("waiting@example.org", now, Role.REVIEWER),
        ("late@example.org", now - timedelta(days=60), Role.ANNOTATOR),
        ("revoked@example.org", now, Role.RESEARCHER),
        (guest.email, now, Role.ANNOTATOR),
    ):
        fresh = invite(
            actor=cast.admin, campaign=campaign, email=email, role=role, team="Two", now=when
        )
        if email.startswith("revoked"):
            revoke_invitation(actor=cast.admin, invitation=fresh.invitation, now=now)
        if email == guest.email:
            accept_invitation(invitation=fresh.invitation, user=guest, now=now)


def rate_everything(cast: Cast, campaign: Campaign) -> None:
    """Three people rate the first items, mostly alike; the guideline changes midway."""
    start = timezone.now() - DAYS_AGO
    for turn in range(RATED):
        for which, person in enumerate(cast.raters):
            rate_next(
                campaign,
                person,
                partial(_level, turn, which),
                start + timedelta(minutes=10 * turn + which),
                two_lines("Hard to say.") if turn % 4 == which else "",
            )
        if turn == RATED // 2:
            change_guideline(cast, campaign)


def _level(turn: int, which: int, place: int, key: str) -> int:
    """Levels 4, 3, 3, 2, 1 for both, one swapped pair; the third rater strays now and then."""
    level = (4, 3, 3, 2, 1)[place] if key == METHODS[0] else (4, 3, 2, 3, 1)[place]
    strays = which == 2 and turn % 3 == 0 and place == turn % CANDIDATES
    return 1 + level % 4 if strays else level


def change_guideline(cast: Cast, campaign: Campaign) -> None:
    """A second version with an example image."""
    guideline = campaign.guideline
    assert guideline is not None
    add_guideline_image(actor=cast.admin, campaign=campaign, data=make_image(), name="An example")
    publish_guideline(
        actor=cast.admin,
        campaign=campaign,
        document={code: f"{text}\n\nMore.\n" for code, text in guideline.document.items()},
        wording=guideline.wording,
        change_note={"en": two_lines("More examples."), "zh-hans": two_lines("更多示例。")},
    )
    campaign.refresh_from_db()


def moment(minutes: int = 0) -> datetime:
    """A moment after all ratings, before now."""
    return timezone.now() - timedelta(days=1) + timedelta(minutes=minutes)
