"""Forecast of a campaign's completion from its daily work, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.limits import CONFIDENCE

FEWEST_DAYS = 3
N_REPLICATES = 2000
MOST_DAYS = 3650


@dataclass(frozen=True)
class Forecast:
    """Days until the remaining work is done, today counting as zero.

    Attributes:
        per_day: mean work per day over the days given.
        days: median forecast.
        earliest: lower bound of the central 95 %.
        latest: upper bound.
        n_days: days that the forecast is based on.
    """

    per_day: float
    days: int
    earliest: int
    latest: int
    n_days: int


def forecast_completion(
    daily: Sequence[int], remaining: int, rng: np.random.Generator
) -> Forecast | None:
    """Forecast by drawing future days from the past ones, days without work included.

    Args:
        daily: work done on each recent day, e.g. the last two weeks.
        remaining: work to do.
        rng: the generator; the same seed gives the same forecast.

    Returns:
        The forecast; None with fewer than three days, without any work, or beyond ten years.
    """
    work = np.asarray(daily, dtype=np.float64)
    if len(work) < FEWEST_DAYS or work.sum() == 0:
        return None
    if remaining <= 0:
        return Forecast(float(work.mean()), 0, 0, 0, len(work))
    # The pace itself is uncertain: each replicate draws its own past before its future.
    past = work[rng.integers(0, len(work), (N_REPLICATES, len(work)))]
    pace, spread = past.mean(axis=1), past.std(axis=1)
    mean_days = remaining / np.maximum(pace, work.mean() / len(work))
    noise = spread * np.sqrt(mean_days) * rng.normal(size=N_REPLICATES)
    days = np.ceil(np.maximum(mean_days + noise / np.maximum(pace, 1e-9), 1))
    tail = (1 - CONFIDENCE) / 2
    low, middle, high = np.quantile(days, [tail, 1 / 2, 1 - tail])
    if high > MOST_DAYS:
        return None
    return Forecast(float(work.mean()), int(middle), int(low), int(high), len(work))
