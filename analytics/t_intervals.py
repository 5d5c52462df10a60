"""Student's t intervals, and the normal quantile."""

import math
from collections.abc import Callable

from scipy.special import ndtri, stdtrit

from analytics.estimates import Interval
from analytics.limits import CONFIDENCE


def t_reach(error: float, df: float, level: float = CONFIDENCE) -> float:
    """Half the width of a two-sided t interval.

    >>> round(t_reach(1.0, 4), 3)
    2.776
    """
    return float(stdtrit(df, (1 + level) / 2)) * error


def normal_quantile(level: float = CONFIDENCE) -> float:
    """Half the width of a two-sided normal interval, in standard errors.

    >>> round(normal_quantile(), 3)
    1.96
    """
    return float(ndtri((1 + level) / 2))


def t_interval(
    value: float, error: float, df: float, method: str, *, level: float = CONFIDENCE
) -> Interval:
    """Build value ± t(df) · error.

    Args:
        value: the estimate.
        error: its standard error.
        df: degrees of freedom.
        method: name of the method, printed with the interval.
        level: of confidence.
    """
    reach = t_reach(error, df, level)
    return Interval(value - reach, value + reach, method, error, df, level=level)


def fisher_t_interval(
    centre: float,
    variance: float,
    df: float,
    method: str,
    *,
    back: Callable[[float], float],
    slope: float,
) -> Interval:
    """Build centre ± t(df) · √variance on the atanh scale and take the bounds back.

    Args:
        centre: the estimate on the atanh scale.
        variance: there.
        df: degrees of freedom.
        method: name of the method.
        back: from the atanh scale to that of the estimate.
        slope: derivative of the estimate by its atanh, for its own standard error.
    """
    error = math.sqrt(variance)
    reach = t_reach(error, df)
    return Interval(
        low=back(centre - reach),
        high=back(centre + reach),
        method=method,
        standard_error=slope * error,
        degrees_of_freedom=df,
    )
