"""Probabilities of wins and of levels with a Gaussian integrated out."""

from modeling.likelihood.levels import disagreement_chance, level_log_probabilities
from modeling.likelihood.mixture import log_win_probability

__all__ = ["disagreement_chance", "level_log_probabilities", "log_win_probability"]
