"""An annotator who tries every way out of an item to tell hidden checks from work, and what shows.

Others work beside them. Used by the tests and by the study `benchmarks.hidden`.
"""

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

import numpy as np
from scipy.stats import rankdata

from annotation_app.enums import Purpose, RatingStatus
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import Campaign, CampaignItem, Lease, User
from annotation_app.payloads.workbench import describe_work
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.bank import GoldContent, save_gold_item
from annotation_app.services.quality.hidden import stock_hidden
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.queue.leases import release_lease, skip_task
from annotation_app.services.rating.drafts import save_draft
from annotation_app.services.rating.submission import submit_rating
from tests.factories.gold import reference_of
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

HIDDEN = {Purpose.GOLD, Purpose.REPEAT}
WAYS = ("release", "expire", "draft", "skip")  # out of an item without an answer
LOOKED_AHEAD = 8  # leases in which an item may come back
AROUND = 10  # leases before and after that a latency is compared with
LATE = 0.3  # of the items given up that are submitted late


@dataclass(slots=True)
class Seen:
    """One item as the attacker met it first.

    Attributes:
        hidden: whether it was a hidden check: the truth, which the attacker does not know.
        way: how the attacker left it.
        place: its place among the items fetched together.
        seconds: that the lease took.
        length: of the answer, in bytes.
        back_in: leases until it came back; LOOKED_AHEAD + 1 if it did not.
        late: the status that a late submit of it was answered with, if one was made.
    """

    hidden: bool
    way: str
    place: int
    seconds: float
    length: int
    back_in: int = LOOKED_AHEAD + 1
    late: str = ""


@dataclass(slots=True)
class Attack:
    """The campaign, its people, the clock, and what was seen."""

    campaign: Campaign
    attacker: User
    others: Sequence[User]
    rng: random.Random
    now: datetime = NOON
    seen: dict[int, Seen] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    leases: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """How well one figure tells hidden checks from work.

    Attributes:
        auc: the probability that a check shows more of it than work does; 0.5 tells nothing.
        margin: half the interval around 0.5 that chance alone would keep to.
        hidden, work: how many items of each were compared.
    """

    auc: float
    margin: float
    hidden: int
    work: int

    @property
    def tells(self) -> bool:
        """Whether it tells them apart beyond chance."""
        return abs(self.auc - 0.5) > self.margin


def prepare(items: int, *, overlap: int, people: int, seed: int) -> Attack:
    """A campaign with gold anywhere in it and an attacker with old work that can be repeated."""
    rng = random.Random(seed)  # noqa: S311 - a draw, no secret
    campaign = make_campaign(items, k=2, base=overlap, overlap=overlap, reserved=0.2)
    for item in rng.sample(list(CampaignItem.objects.filter(campaign=campaign)), items // 4):
        save_gold_item(
            actor=None,
            campaign_item=item,
            content=GoldContent(
                reference=reference_of(item.pk),
                tolerance=1,
                explanations={"if": {"": "The colour is right."}},
            ),
        )
    attacker, *others = make_annotators(campaign, people)
    attack = Attack(campaign, attacker, others, rng)
    for _ in range(items // 10):
        _answer(_lease(attack, attacker, NOON - timedelta(days=30)), NOON - timedelta(days=30))
    changes = {"gold_share": 0.2, "repeat_share": 0.2, "skip_pause": 0, "fast_pause": 0}
    set_quality_plan(actor=None, campaign=campaign, changes=changes)
    return attack


def run(attack: Attack, leases: int) -> list[Seen]:
    """Lease, leave, wait and lease again until so many leases were made; the items met."""
    while attack.leases < leases:
        stock_hidden(campaign=attack.campaign, now=attack.now, rng=attack.rng)
        held = list(_fetch(attack, attack.rng.randint(1, 4)))
        if not held:
            break
        attack.rng.shuffle(held)
        left = [lease for lease in held if _leave(attack, lease)]
        if any(attack.seen[one.task_id].way in {"expire", "draft"} for one in left):
            attack.now += timedelta(minutes=11)
        for other in attack.rng.choices(attack.others, k=attack.rng.randint(0, 2)):
            _work_beside(attack, other)
        for lease in left:
            if attack.rng.random() < LATE and attack.seen[lease.task_id].back_in > LOOKED_AHEAD:
                _submit_late(attack, lease)
    return list(attack.seen.values())


def compare(seen: Sequence[Seen], z: float) -> dict[str, Found]:
    """Every figure that an annotator could compare, with intervals of z standard errors."""
    usual = _usual_seconds([one.seconds for one in seen])
    figures: dict[str, list[tuple[bool, float]]] = {
        "place among items fetched together": [(one.hidden, one.place) for one in seen],
        "latency of the lease": [
            (one.hidden, one.seconds / around) for one, around in zip(seen, usual, strict=True)
        ],
        "length of the answer": [(one.hidden, one.length) for one in seen],
        "a late submit counts": [
            (one.hidden, one.late == RatingStatus.ACTIVE) for one in seen if one.late
        ],
    }
    for way in WAYS:
        left = [one for one in seen if one.way == way and not one.late]
        figures[f"comes back at once after {way}"] = [
            (one.hidden, one.back_in == 1) for one in left
        ]
        figures[f"leases until it comes back after {way}"] = [
            (one.hidden, one.back_in) for one in left
        ]
    return {name: _auc(pairs, z) for name, pairs in figures.items()}


def _usual_seconds(seconds: Sequence[float]) -> list[float]:
    """The median around each lease: what else the machine does at that time matters to all."""
    values = np.array(seconds)
    return [
        float(np.median(values[max(place - AROUND, 0) : place + AROUND + 1]))
        for place in range(len(values))
    ]


def _auc(pairs: Sequence[tuple[bool, float]], z: float) -> Found:
    """Mann and Whitney's statistic with the variance under no difference, ties counted."""
    hidden = np.array([is_hidden for is_hidden, _value in pairs])
    values = np.array([float(value) for _is_hidden, value in pairs])
    n, m = int(hidden.sum()), int((~hidden).sum())
    ranks = rankdata(values)
    auc = (ranks[hidden].sum() - n * (n + 1) / 2) / (n * m)
    _levels, ties = np.unique(values, return_counts=True)
    total = n + m
    variance = (total + 1 - (ties**3 - ties).sum() / (total * (total - 1))) / (12 * n * m)
    return Found(float(auc), z * sqrt(variance), n, m)


def _fetch(attack: Attack, number: int) -> Iterator[Lease]:
    for place in range(number):
        began = time.perf_counter()
        try:
            lease = _lease(attack, attack.attacker, attack.now)
        except NothingToDoError:
            return
        seconds = time.perf_counter() - began
        attack.leases += 1
        work = describe_work(lease, now=attack.now, language="en")
        _note_return(attack, lease.task_id)
        if lease.task_id not in attack.seen:
            hidden = lease.task.purpose in HIDDEN
            length = len(json.dumps(work))
            attack.seen[lease.task_id] = Seen(hidden, "", place, seconds, length)
        yield lease


def _note_return(attack: Attack, task: int) -> None:
    """Count this lease for every item that is waited for; the one leased has come back."""
    for waiting in list(attack.waiting):
        attack.waiting[waiting] += 1
        if waiting == task:
            attack.seen[task].back_in = attack.waiting.pop(task)
        elif attack.waiting[waiting] >= LOOKED_AHEAD:
            attack.waiting.pop(waiting)


def _leave(attack: Attack, lease: Lease) -> bool:
    """Leave an item some way; whether it was met for the first time and may come back."""
    is_first = not attack.seen[lease.task_id].way
    way = attack.rng.choice((*WAYS, "submit")) if is_first else "submit"
    if way == "submit":
        _answer(lease, attack.now)
    elif way == "skip":
        skip_task(lease=lease, reason="I cannot tell.", now=attack.now)
    elif way == "release":
        release_lease(lease=lease, now=attack.now)
    elif way == "draft":
        save_draft(lease=lease, draft={"scores": {"1": {"if": 2}}}, number=1)
    if is_first:
        attack.seen[lease.task_id].way = way
    if is_first and way != "submit":
        attack.waiting[lease.task_id] = 0
    attack.now += timedelta(seconds=attack.rng.uniform(1, 20))
    return is_first and way != "submit"


def _work_beside(attack: Attack, other: User) -> None:
    try:
        lease = _lease(attack, other, attack.now)
    except NothingToDoError:
        return
    if attack.rng.random() < 0.2:
        release_lease(lease=lease, now=attack.now)
    else:
        _answer(lease, attack.now)


def _submit_late(attack: Attack, lease: Lease) -> None:
    attack.waiting.pop(lease.task_id, None)
    attack.seen[lease.task_id].late = _answer(lease, attack.now)


def _lease(attack: Attack, person: User, now: datetime) -> Lease:
    return lease_next_task(
        annotator=person, campaign=attack.campaign, now=now, chance=attack.rng.random
    )


def _answer(lease: Lease, now: datetime) -> str:
    return str(submit_rating(lease=lease, judgement=make_judgement(lease), now=now).rating.status)
