"""Who knocks: every combination of roles in a campaign and its neighbour, and a seeded sample."""

import random
from dataclasses import dataclass
from itertools import combinations, product

from annotation_app.enums import Role

Roles = tuple[Role, ...]
ROLES = (Role.ANNOTATOR, Role.REVIEWER, Role.RESEARCHER, Role.ADMIN)
# What a person may be within one campaign: nothing, one role, or two.
SETS: tuple[Roles, ...] = ((), *((role,) for role in ROLES), *combinations(ROLES, 2))
READERS = (Role.RESEARCHER, Role.ADMIN)
JUDGES = (Role.ANNOTATOR, Role.REVIEWER)


@dataclass(frozen=True)
class Part:
    """What a person is: their roles in the campaign that is knocked at, and in its neighbour."""

    here: Roles = ()
    there: Roles = ()
    superuser: bool = False

    @property
    def name(self) -> str:
        """As the table's head and the failures call them."""
        said = [" ".join(("superuser", *self.here)) if self.superuser else _said(self.here)]
        return " / ".join([*said, _said(self.there)])

    @property
    def rates(self) -> bool:
        return Role.ANNOTATOR in self.here + self.there

    @property
    def reviews_there(self) -> bool:
        return Role.REVIEWER in self.there

    @property
    def judges(self) -> bool:
        return self.rates or Role.REVIEWER in self.here + self.there


READER = Part(superuser=True)  # reads everything, judges nothing

# The whole matrix: a block of columns for each set of roles here, then the operators.
BLOCKS: tuple[tuple[Part, ...], ...] = (
    *(tuple(Part(here, there) for there in SETS) for here in SETS),
    (
        READER,
        Part((Role.ANNOTATOR,), superuser=True),
        Part((), (Role.ANNOTATOR,), superuser=True),
        Part((), (Role.REVIEWER,), superuser=True),
    ),
)
EVERYBODY: tuple[Part, ...] = tuple(part for block in BLOCKS for part in block)


def sample(seed: int) -> list[Part]:
    """A share of everybody.

    It has each set of roles here and each in the neighbour at least once, everyone who reads
    here and judges there, and the operators.
    """
    shuffled = list(SETS)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a sample, not a secret
    chosen = {Part(here, there) for here, there in zip(SETS, shuffled, strict=True)}
    chosen |= {Part((reads,), (judges,)) for reads, judges in product(READERS, JUDGES)}
    chosen |= {*BLOCKS[-1]}
    return [part for part in EVERYBODY if part in chosen]


def _said(roles: Roles) -> str:
    return "+".join(roles) or "nothing"
