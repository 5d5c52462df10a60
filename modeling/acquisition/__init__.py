"""Which items a human should look at next, from a model's predictions."""

from modeling.acquisition.bald import bald_order
from modeling.acquisition.information import pair_information
from modeling.acquisition.priorities import prioritise

__all__ = ["bald_order", "pair_information", "prioritise"]
