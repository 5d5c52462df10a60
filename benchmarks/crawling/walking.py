"""The walk of everyone over a populated installation, and what it adds up to."""

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.test import Client

from annotation_app.models import User
from benchmarks.crawling.visits import Fault, Limits, Walk

HOME = "/"
SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/")


@dataclass
class Tour:
    """What all walks saw together.

    Attributes:
        opened: by reader, how many pages they were shown.
        typed: pages that were tried without being shown.
        doors: names of the pages that were shown to anyone.
    """

    faults: list[Fault] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)
    typed: int = 0
    forms_sent: int = 0
    commands: set[str] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Plan:
    """How a tour goes.

    Attributes:
        languages: each person walks once in each.
        typed: how many addresses each person tries that were shown to others; None for all.
    """

    limits: Limits
    languages: tuple[str, ...] = ("en", "zh-hans")
    typed: int | None = None
    seed: int = 0


def tour(
    readers: Mapping[str, User | None],
    plan: Plan,
    *,
    starts: Mapping[str, Sequence[str]],
    mark: str,
) -> Tour:
    """Walk as every reader in every language, then try what only others were shown.

    Args:
        readers: people by what they are; None has no account.
        plan: how far.
        starts: by reader, pages that no page leads to, as those of a mail.
        mark: of a second line in a text.
    """
    made = Tour()
    walks = [
        _walk(name, user, language, plan, starts.get(name, ()), mark)
        for language in plan.languages
        for name, user in readers.items()
    ]
    shown = sorted({address for walk in walks for address in walk.seen})
    for walk in walks:
        made.opened[walk.reader] = made.opened.get(walk.reader, 0) + len(walk.seen)
        made.doors |= walk.doors
        made.forms_sent += walk.forms_sent
        made.commands |= walk.commands_read
        others = [address for address in shown if address not in walk.seen]
        tried = (
            others if plan.typed is None else walk.rng.sample(others, min(plan.typed, len(others)))
        )
        walk.type_in(tried)
        made.typed += len(tried)
        made.faults += walk.faults
    return made


def _walk(
    name: str, user: User | None, language: str, plan: Plan, starts: Sequence[str], mark: str
) -> Walk:
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    walk = Walk(name, client, mark, plan.limits, random.Random(f"{plan.seed} {name} {language}"))  # noqa: S311
    walk.follow((HOME, *starts, *(() if user else SIGNED_OUT)))
    print(
        f"{name}, {language}: {len(walk.seen)} pages, {len(walk.faults)} faults",
        file=sys.stderr,
    )
    return walk
