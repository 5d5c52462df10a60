"""From hidden states to Gaussians per dimension, their aggregate, and what both are held to."""

from modeling.heads.aggregation import aggregate
from modeling.heads.gaussian import Gaussian, GaussianHeads, Predicted
from modeling.heads.targets import OVERALL_INDEX, Targets

__all__ = ["OVERALL_INDEX", "Gaussian", "GaussianHeads", "Predicted", "Targets", "aggregate"]
