"""Scoring items with a trained model, by name; the door for other programs."""

from modeling.scorer.items import ScoreItem
from modeling.scorer.model import RewardModel
from modeling.scorer.results import CandidateScore, ItemScores, name_scores
from modeling.scorer.selection import best_of_n

__all__ = ["CandidateScore", "ItemScores", "RewardModel", "ScoreItem", "best_of_n", "name_scores"]
