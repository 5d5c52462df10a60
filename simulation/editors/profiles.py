"""Six editors with distinct habits, and the draw of one candidate's habits. World calls it."""

from dataclasses import dataclass

import numpy as np

from simulation.editors.habits import Habits

# How much harder each category is: chances of failing are multiplied by it.
DIFFICULTY = {
    "recolour": 0.7,
    "add": 0.9,
    "remove": 0.9,
    "move": 1.4,
    "restyle": 0.8,
    "background": 1.0,
    "text": 1.4,
}


@dataclass(frozen=True)
class Profile:
    """One simulated editor: the chance of each habit, and how severe it then is on average."""

    name: str
    ignore: float
    half_done: float
    mistaken: float
    over_edit: float
    blur: float
    seam: float
    crush: float
    tint: float
    severity: float = 0.5


PROFILES: tuple[Profile, ...] = (
    #        name      ignore  half  mist  over  blur  seam  crush  tint  severity
    Profile("sim-ash", 0.03, 0.08, 0.03, 0.08, 0.08, 0.08, 0.06, 0.10, 0.48),
    Profile("sim-birch", 0.34, 0.12, 0.05, 0.03, 0.10, 0.05, 0.08, 0.06, 0.58),
    Profile("sim-cedar", 0.05, 0.50, 0.08, 0.08, 0.12, 0.10, 0.08, 0.08, 0.62),
    Profile("sim-elm", 0.04, 0.10, 0.10, 0.62, 0.10, 0.08, 0.08, 0.40, 0.70),
    Profile("sim-maple", 0.06, 0.14, 0.10, 0.10, 0.62, 0.08, 0.26, 0.12, 0.70),
    Profile("sim-oak", 0.08, 0.12, 0.14, 0.12, 0.08, 0.62, 0.46, 0.10, 0.70),
)


def draw_habits(
    rng: np.random.Generator, profile: Profile, category: str, crowding: float
) -> Habits:
    """The habits of one candidate; hard categories and crowded scenes fail more often.

    Args:
        rng: The stream of this (item, editor, seed).
        profile: The editor.
        category: The edit's category.
        crowding: How full the scene is, 0 to 1.
    """
    harder = DIFFICULTY[category] * (0.8 + 0.5 * crowding)
    skill = profile.severity
    return Habits(
        ignore=_strike(rng, profile.ignore * harder, 0.93, 0.0),
        half_done=_strike(rng, profile.half_done * harder, skill, 0.03),
        mistaken=bool(rng.random() < profile.mistaken * harder),
        over_edit=_strike(rng, profile.over_edit, skill, 0.0),
        blur=_strike(rng, profile.blur, skill, 0.0),
        seam=_strike(rng, profile.seam, skill, 0.0),
        crush=_strike(rng, profile.crush, skill, 0.0),
        tint=_strike(rng, profile.tint, skill, 0.03),
    )


def _strike(rng: np.random.Generator, chance: float, mean: float, trace: float) -> float:
    """A severity around `mean` with the given chance, else a trace of it."""
    strikes = rng.random() < min(0.95, chance)
    severity = rng.beta(7 * mean, 7 * (1 - mean))
    leftover = trace * rng.random()
    return float(severity if strikes else leftover)
