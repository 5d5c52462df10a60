"""Ranking losses over Gaussian gaps, the ordinal anchor, and the objective that weighs them."""

from modeling.losses.objective import Objective, Totals, pair_gaps

__all__ = ["Objective", "Totals", "pair_gaps"]
