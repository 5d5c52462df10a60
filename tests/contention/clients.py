"""Simulated clients that do what real networks and people do: repeat, stall, vanish, race."""

import multiprocessing
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Campaign, Lease, User
from annotation_app.selectors.queue.leases import find_lease
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.queue.leases import release_lease, renew_lease, skip_task
from annotation_app.services.rating.judgements import Judgement
from annotation_app.services.rating.submission import SubmitResult, submit_rating
from tests.factories.world import make_judgement

STALL = timedelta(minutes=11)  # past every lease
PATIENCE = 40  # empty answers in a row before a client goes home


class SharedClock:
    """A clock that clients in threads and processes push on; it never runs backwards."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._seconds = multiprocessing.get_context("fork").Value("d", 0.0)

    def now(self) -> datetime:
        return self._push(0.001)

    def stall(self) -> None:
        self._push(STALL.total_seconds())

    def _push(self, seconds: float) -> datetime:
        with self._seconds.get_lock():
            self._seconds.value += seconds
            return self._start + timedelta(seconds=self._seconds.value)


@dataclass
class Outcome:
    """What the clients saw, for comparing with what is stored."""

    acknowledged: dict[UUID, str] = field(default_factory=dict)
    repeats: int = 0
    unequal_repeats: int = 0
    conflicts: int = 0
    stalls: int = 0
    skips: int = 0
    errors: list[str] = field(default_factory=list)


class Client:
    """One annotator at one browser, with a bad network."""

    def __init__(
        self, annotator: User, campaign: Campaign, clock: SharedClock, rng: random.Random
    ) -> None:
        self.annotator = annotator
        self.campaign = campaign
        self.clock = clock
        self.rng = rng
        self.seen = Outcome()
        self.pending: list[tuple[Lease, Judgement]] = []

    def work(self, is_over: Callable[[], bool]) -> Outcome:
        """Rate until nothing is left."""
        empty = 0
        try:
            while empty < PATIENCE and not is_over():
                empty = 0 if self._turn() else empty + 1
            self._send_pending()
        except Exception as error:  # noqa: BLE001 - every surprise is reported by the test
            self.seen.errors.append(repr(error))
        finally:
            connection.close()
        return self.seen

    def _turn(self) -> bool:
        try:
            lease = lease_next_task(
                annotator=self.annotator, campaign=self.campaign, now=self.clock.now()
            )
        except NothingToDoError:
            self._send_pending()
            time.sleep(self.rng.random() * 0.1)
            if self.rng.random() < 0.1:
                self.clock.stall()  # those who hold the rest may have vanished
            return False
        except ConflictError:
            self._give_something_back()
            return True
        full = find_lease(annotator=self.annotator, token=lease.token)
        assert full is not None
        self._rate(full)
        return True

    def _rate(self, lease: Lease) -> None:
        judgement = make_judgement(lease, (self.rng.randint(1, 4), self.rng.randint(1, 4)))
        fate = self.rng.random()
        if fate < 0.01:
            self.seen.skips += 1
            skip_task(lease=lease, reason="no", now=self.clock.now())
            return
        if fate < 0.03:
            return  # vanishes without a word; the lease must run out
        if fate < 0.06:
            self.seen.stalls += 1
            self.clock.stall()
        elif fate < 0.15:
            self.pending.append((lease, judgement))  # answers later, perhaps too late
            return
        elif fate < 0.2:
            self._renew(lease)
        self._submit_often(lease, judgement)

    def _submit_often(self, lease: Lease, judgement: Judgement) -> None:
        copies = self.rng.choice((1, 1, 2, 3))
        results = [self._submit(lease, judgement) for _ in range(copies)]
        if self.rng.random() < 0.1:  # a second window with another judgement
            self._submit(lease, make_judgement(lease, (1, 1), client_uuid=uuid4()))
        kept = [result for result in results if result is not None]
        self.seen.repeats += len(kept) - 1 if kept else 0
        if len({(result.rating.pk, result.rating.status) for result in kept}) > 1:
            self.seen.unequal_repeats += 1

    def _submit(self, lease: Lease, judgement: Judgement) -> SubmitResult | None:
        try:
            result = submit_rating(lease=lease, judgement=judgement, now=self.clock.now())
        except ConflictError:
            self.seen.conflicts += 1
            return None
        self.seen.acknowledged[judgement.client_uuid] = result.rating.status
        return result

    def _renew(self, lease: Lease) -> None:
        try:
            renew_lease(lease=lease, now=self.clock.now())
        except ConflictError:
            return  # it ran out meanwhile; the submit says what becomes of the scores

    def _send_pending(self) -> None:
        while self.pending:
            self._submit_often(*self.pending.pop())

    def _give_something_back(self) -> None:
        if self.pending:
            self._submit_often(*self.pending.pop())
            return
        held = Lease.objects.filter(annotator=self.annotator, ended_at=None)
        for lease in held:
            release_lease(lease=lease, now=self.clock.now())


def run_clients(
    campaign: Campaign,
    annotators: list[User],
    *,
    clock: SharedClock,
    seed: int,
    is_over: Callable[[], bool],
) -> list[Outcome]:
    """Let every annotator's client work in a thread of its own until the campaign is done."""
    clients = [
        Client(annotator, campaign, clock, random.Random(seed + i))  # noqa: S311 - a simulation
        for i, annotator in enumerate(annotators)
    ]
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(lambda client: client.work(is_over), clients))
