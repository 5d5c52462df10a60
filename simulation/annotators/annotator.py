"""One simulated annotator: a latent ordinal rater with individual habits. Rosters build them.

A rating is cut from  x = centre + a·(q − centre) + h·(other − q) − severity − drift·when + noise,
where q is the true quality, `a` the discrimination, `h` the halo (pull of the other dimension) and
the noise is normal with the candidate's ambiguity times the annotator's noise factor.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.truth import DIMENSIONS, THRESHOLDS, Truth

Floats = NDArray[np.float64]
Levels = NDArray[np.int64]
CENTRE = 2.5


@dataclass(frozen=True)
class Judgement:
    """A candidate's levels by dimension (None: cannot judge) and the seconds spent on it."""

    levels: dict[str, int | None]
    seconds: float


@dataclass(frozen=True)
class Annotator:
    """A person's way of rating.

    `severity` in levels (positive: harsher); `discrimination` 1 is the average; `drift` is the
    severity added from the start (`when` 0) to the end (`when` 1) of a campaign; `guessing` is the
    chance that a rating ignores the picture; `median_seconds` and `seconds_spread` (sd of the log)
    shape the time per candidate; `thresholds` cut the scale into levels.
    """

    name: str
    behaviour: str = "honest"
    severity: float = 0.0
    discrimination: float = 1.0
    noise: float = 1.0
    drift: float = 0.0
    halo: float = 0.0
    guessing: float = 0.0
    unsure: float = 0.003
    median_seconds: float = 11.0
    seconds_spread: float = 0.45
    thresholds: tuple[float, ...] = THRESHOLDS

    def rate(self, truth: Truth, rng: np.random.Generator, when: float = 0.0) -> Judgement:
        """Rate one candidate at a moment of the campaign (`when` 0 start, 1 end)."""
        quality = np.asarray([[truth.quality[d] for d in DIMENSIONS]])
        ambiguity = np.asarray([[truth.ambiguity[d] for d in DIMENSIONS]])
        levels, seconds = self.rate_many(quality, ambiguity, rng, np.asarray([when]))
        found = {d: int(level) or None for d, level in zip(DIMENSIONS, levels[0], strict=True)}
        return Judgement(levels=found, seconds=float(seconds[0]))

    def rate_many(
        self, quality: Floats, ambiguity: Floats, rng: np.random.Generator, when: Floats
    ) -> tuple[Levels, Floats]:
        """Rate n candidates at once.

        Args:
            quality: True quality, (n, 2), columns in the order of `DIMENSIONS`.
            ambiguity: Standard deviation of a rating, (n, 2).
            rng: The stream of these ratings.
            when: Moment of the campaign, (n,), 0 to 1.

        Returns:
            Levels (n, 2), 0 for *cannot judge*, and seconds (n,).
        """
        count = len(quality)
        halo = self.halo * (quality[:, ::-1] - quality)
        seen = CENTRE + self.discrimination * (quality + halo - CENTRE)
        shift = (self.severity + self.drift * when)[:, None]
        noise = self.noise * ambiguity * rng.standard_normal((count, 2))
        levels = 1 + np.searchsorted(np.asarray(self.thresholds), seen - shift + noise)
        guesses = rng.integers(1, len(self.thresholds) + 2, (count, 2))
        levels = np.where(rng.random((count, 1)) < self.guessing, guesses, levels)
        levels = np.where(rng.random((count, 2)) < self.unsure, 0, levels)
        return levels.astype(np.int64), self._seconds(ambiguity, rng)

    def _seconds(self, ambiguity: Floats, rng: np.random.Generator) -> Floats:
        """Log-normal times; what is ambiguous takes an honest rater longer."""
        care = (1 - self.guessing) * 0.5 * (ambiguity.mean(axis=1) - 0.6)
        spread = self.seconds_spread * rng.standard_normal(len(ambiguity))
        return np.asarray(self.median_seconds * np.exp(care + spread))
