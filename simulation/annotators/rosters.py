"""Rosters: teams of annotators, honest or with planted bad ones that `behaviour` names."""

from dataclasses import dataclass, replace

import numpy as np

from simulation.annotators.annotator import Annotator
from simulation.seeding import stream

HONEST, SPAMMER, SPEEDER, DRIFTING, SEVERE = "honest", "spammer", "speeder", "drifting", "severe"
# Severity's standard deviation among honest annotators, in levels.
SEVERITY_SPREAD = 0.20


@dataclass(frozen=True)
class Plant:
    """How many annotators of each bad kind a roster has; they take the last places."""

    spammers: int = 0
    speeders: int = 0
    drifting: int = 0
    severe: int = 0

    @property
    def total(self) -> int:
        """How many are planted."""
        return self.spammers + self.speeders + self.drifting + self.severe


def build_roster(seed: int, size: int, plant: Plant | None = None) -> tuple[Annotator, ...]:
    """A team of `size` annotators, the planted ones among them.

    Raises:
        ValueError: If more are planted than the team has places.
    """
    wanted = plant or Plant()
    if wanted.total > size:
        msg = f"{wanted.total} planted annotators do not fit a team of {size}"
        raise ValueError(msg)
    behaviours = (
        [HONEST] * (size - wanted.total)
        + [SPAMMER] * wanted.spammers
        + [SPEEDER] * wanted.speeders
        + [DRIFTING] * wanted.drifting
        + [SEVERE] * wanted.severe
    )
    order = stream(seed, "places").permutation(size)
    return tuple(
        _behave(_honest(stream(seed, "annotator", place), place), behaviours[int(order[place])])
        for place in range(size)
    )


def _honest(rng: np.random.Generator, place: int) -> Annotator:
    return Annotator(
        name=f"sim-annotator-{place + 1:02d}",
        severity=float(SEVERITY_SPREAD * rng.standard_normal()),
        discrimination=float(np.exp(0.08 * rng.standard_normal())),
        noise=float(np.exp(0.10 * rng.standard_normal())),
        halo=float(rng.uniform(0.0, 0.12)),
        drift=float(0.05 * rng.standard_normal()),
        median_seconds=float(11.0 * np.exp(0.25 * rng.standard_normal())),
    )


def _behave(annotator: Annotator, behaviour: str) -> Annotator:
    named = replace(annotator, behaviour=behaviour)
    match behaviour:
        case "spammer":
            return replace(named, guessing=1.0, median_seconds=6.0, unsure=0.0)
        case "speeder":
            return replace(named, guessing=0.3, noise=1.5, median_seconds=0.9, seconds_spread=0.3)
        case "drifting":
            return replace(named, drift=1.6)
        case "severe":
            return replace(named, severity=1.0)
        case _:
            return named
