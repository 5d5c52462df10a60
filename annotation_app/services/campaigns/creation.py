"""Setting up campaigns: what they pin for good, and how many ratings their items get."""

import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, CampaignState, SamplingStrategy
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, Collection, OverlapPlan, Rubric, User
from annotation_app.selectors.rubrics.guidelines import default_guideline
from annotation_app.services.audit.events import record_event
from annotation_app.services.campaigns.slugs import free_slug
from annotation_app.services.rubrics.rubrics import ensure_default_rubric

NEXT_STATES: dict[CampaignState, tuple[CampaignState, ...]] = {
    CampaignState.DRAFT: (CampaignState.ACTIVE,),
    CampaignState.ACTIVE: (CampaignState.PAUSED, CampaignState.FINISHED),
    CampaignState.PAUSED: (CampaignState.ACTIVE, CampaignState.FINISHED),
    CampaignState.FINISHED: (CampaignState.ACTIVE,),
}
SEED_BITS = 62  # a seed fits a signed 64-bit column
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDesign:
    """The choices that shape a campaign's data; most are fixed once tasks exist.

    Attributes:
        rubric: what is judged; None for the default rubric.
        seed: of every random choice; None draws one.
        sampling: how k of n candidates are drawn.
        candidates_per_item: k.
        reserved_share: share of items that no model may order, in [0, 1].
        description: for people.
        agreement_gate: dimension to the lowest acceptable ordinal alpha.
        state: a draft is seen by its admins alone until it is started.
        shows_others_after_close: annotators may see others' words once their own rating is closed.
        gives_feedback: annotators see what was decided on their disputed items.
        time_zone: where its days begin; empty for the installation's.
    """

    rubric: Rubric | None = None
    seed: int | None = None
    sampling: SamplingStrategy = SamplingStrategy.UNIFORM
    candidates_per_item: int = 7
    reserved_share: float = 0.25
    description: str = ""
    agreement_gate: dict[str, float] = field(default_factory=dict)
    state: CampaignState = CampaignState.ACTIVE
    shows_others_after_close: bool = False
    gives_feedback: bool = False
    time_zone: str = ""


def create_campaign(
    *,
    actor: User | None,
    name: str,
    collection: Collection,
    design: CampaignDesign | None = None,
) -> Campaign:
    """Create a campaign that pins its rubric, guideline version 1 and seed.

    Raises:
        InvalidInputError: if the name is empty, k is below 1 or the share is outside [0, 1].
        ConflictError: if a campaign of that name exists.
    """
    design = design or CampaignDesign()
    name = name.strip()
    _check_design(name, design)
    others = Campaign.objects.exclude(name=name)
    slug = free_slug(
        name,
        fallback="campaign",
        longest=NAME_LENGTH,
        is_taken=lambda slug: others.filter(slug=slug).exists(),
    )
    rubric = design.rubric or ensure_default_rubric()
    with transaction.atomic():
        campaign, is_new = Campaign.objects.get_or_create(
            name=name,
            defaults={
                **_pinned(design, rubric),
                "slug": slug,
                "collection": collection,
                "created_by": actor,
            },
        )
        if not is_new:
            raise ConflictError(f"A campaign named {name} exists: choose another name.")
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED,
            object_type="campaign",
            object_id=campaign.pk,
            campaign=campaign,
            data={"seed": campaign.seed, "k": campaign.candidates_per_item},
        )
    return campaign


def _pinned(design: CampaignDesign, rubric: Rubric) -> dict[str, object]:
    """The fields of a new campaign that its design decides."""
    return {
        "description": design.description,
        "rubric": rubric,
        "guideline": default_guideline(rubric),
        "seed": secrets.randbits(SEED_BITS) if design.seed is None else design.seed,
        "sampling": design.sampling,
        "candidates_per_item": design.candidates_per_item,
        "reserved_share": design.reserved_share,
        "agreement_gate": design.agreement_gate,
        "state": design.state,
        "shows_others_after_close": design.shows_others_after_close,
        "gives_feedback": design.gives_feedback,
        "time_zone": design.time_zone,
    }


def set_overlap_plan(
    *,
    actor: User | None,
    campaign: Campaign,
    base_ratings: int = 1,
    overlap_share: float = 0.05,
    overlap_ratings: int = 3,
) -> OverlapPlan:
    """Make a new numbered plan the current one; `plan_campaign` then adds its slots.

    Repeating the same figures changes no data and returns the current plan.

    Raises:
        InvalidInputError: if a number is below 1, the share is outside [0, 1] or the overlap
            asks for fewer ratings than the base.
    """
    if base_ratings < 1 or overlap_ratings < base_ratings or not 0 <= overlap_share <= 1:
        raise InvalidInputError(
            "An overlap plan needs at least one rating per item, at least as many in the overlap "
            "sample, and a share between 0 and 1."
        )
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        newest = campaign.overlap_plans.order_by("-number").first()
        figures = (base_ratings, overlap_share, overlap_ratings)
        if newest and figures == (
            newest.base_ratings,
            newest.overlap_share,
            newest.overlap_ratings,
        ):
            return newest
        plan = OverlapPlan.objects.create(
            campaign=campaign,
            number=1 + (newest.number if newest else 0),
            base_ratings=base_ratings,
            overlap_share=overlap_share,
            overlap_ratings=overlap_ratings,
            created_by=actor,
        )
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="overlap_plan",
            object_id=plan.pk,
            campaign=campaign,
            data={"base": base_ratings, "share": overlap_share, "ratings": overlap_ratings},
        )
    return plan


def change_campaign_state(*, actor: User, campaign: Campaign, state: CampaignState) -> Campaign:
    """Start, pause, resume, finish or reopen; work already leased may still be submitted.

    Raises:
        ConflictError: if the campaign's current state does not allow the change.
    """
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        before = CampaignState(locked.state)
        if state not in NEXT_STATES[before]:
            raise ConflictError(
                _("Someone changed the campaign's state. Reload the page."), state=before
            )
        locked.state = state
        locked.save(update_fields=["state"])
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="campaign",
            object_id=campaign.pk,
            campaign=campaign,
            data={"state": [before, state.value]},
        )
    return locked


def _check_design(name: str, design: CampaignDesign) -> None:
    if not name:
        raise InvalidInputError("A campaign needs a name.")
    if design.candidates_per_item < 1:
        raise InvalidInputError("A campaign must show at least one candidate per item.")
    if not 0 <= design.reserved_share <= 1:
        raise InvalidInputError("The reserved share must be between 0 and 1.")
