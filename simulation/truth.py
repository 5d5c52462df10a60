"""The true quality and the true ambiguity of a candidate, from what was done to it.

Quality is on the rubric's scale: the level that an average, noiseless rater chooses is the
nearest of 1 to 4, so the thresholds are 1.5, 2.5 and 3.5. With severities in [0, 1]:

    if = 0.6 + 4.1 · completeness · (0.35 if mistaken) · (1 − 0.55 over_edit) · (1 − 0.20 tint)
    vq = 0.6 + 4.1 · (1 − 0.72 blur) · (1 − 0.68 seam) · (1 − 0.72 crush) · (1 − 0.55 tint)
                   · (1 − 0.30 ghost),   ghost = 4 c (1 − c) for edits that leave a ghost

Ambiguity is the standard deviation of one rating before it is cut into levels. It grows with what
a rater can see: a small edit, blur, and a crowded scene.
"""

from dataclasses import dataclass

from simulation.editors.habits import Habits

DIMENSIONS = ("if", "vq")
THRESHOLDS = (1.5, 2.5, 3.5)
LOWEST, SPAN = 0.6, 4.1
# Edits that, half done, leave a see-through thing behind.
_GHOSTLY = frozenset({"add", "remove", "background"})
# An edit over this share of the picture is plain to see.
_PLAIN_SHARE = 0.12
VAGUE_NOISE = 1.1


@dataclass(frozen=True)
class Sight:
    """What the eye sees: the category, the edit's size, how full the scene is, vague words."""

    category: str
    changed_share: float
    crowding: float
    vague: bool = False


@dataclass(frozen=True)
class Truth:
    """True quality (`if`, `vq`, 0.6 to 4.7) and true ambiguity (sd of one rating)."""

    quality: dict[str, float]
    ambiguity: dict[str, float]

    def level(self, dimension: str) -> int:
        """The level (1 to 4) that an average, noiseless rater gives."""
        return 1 + sum(self.quality[dimension] > cut for cut in THRESHOLDS)

    @property
    def overall(self) -> float:
        """The sum of the dimensions' qualities, as the rubric weighs them equally."""
        return sum(self.quality.values())


def judge_truth(habits: Habits, completeness: float, sight: Sight) -> Truth:
    """The truth about a candidate.

    Args:
        habits: The severities applied.
        completeness: The share of the edit reached, 0 to 1 (letters are whole).
        sight: What is visible about the item.
    """
    quality = {
        "if": LOWEST + SPAN * _fulfilment(habits, completeness),
        "vq": LOWEST + SPAN * _soundness(habits, completeness, sight.category),
    }
    return Truth(quality=quality, ambiguity=_ambiguity(habits, sight))


def _fulfilment(habits: Habits, completeness: float) -> float:
    correctness = 0.35 if habits.mistaken else 1.0
    exclusivity = (1 - 0.55 * habits.over_edit) * (1 - 0.20 * habits.tint)
    return completeness * correctness * exclusivity


def _soundness(habits: Habits, completeness: float, category: str) -> float:
    ghost = 4 * completeness * (1 - completeness) if category in _GHOSTLY else 0.0
    return (
        (1 - 0.72 * habits.blur)
        * (1 - 0.68 * habits.seam)
        * (1 - 0.72 * habits.crush)
        * (1 - 0.55 * habits.tint)
        * (1 - 0.30 * ghost)
    )


def _ambiguity(habits: Habits, sight: Sight) -> dict[str, float]:
    small = 1 - min(1.0, sight.changed_share / _PLAIN_SHARE)
    noise_if = 0.47 + 0.56 * small + 0.34 * sight.crowding + 0.34 * habits.blur
    noise_vq = 0.44 + 0.20 * small + 0.46 * sight.crowding + 0.40 * habits.blur
    return {"if": noise_if + VAGUE_NOISE * sight.vague, "vq": noise_vq}
