"""Ranking losses over Gaussian gaps, the ordinal anchor, and the objective that weighs them."""

from modeling.losses.mixture import log_win_probability
from modeling.losses.objective import Objective, Totals, pair_gaps
from modeling.losses.ordinal import level_log_probabilities

__all__ = ["Objective", "Totals", "level_log_probabilities", "log_win_probability", "pair_gaps"]
