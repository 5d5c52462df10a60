"""How much data a figure needs and how sure an interval is: each limit once, for code and texts."""

# Confidence level of every interval that names no other.
CONFIDENCE = 0.95
# The same as probabilities of the percentiles of replicates.
TAILS = (0.025, 0.975)
# Items with overlap, or clusters of any kind, below which no interval is given: a t quantile with
# fewer degrees of freedom says nothing.
FEWEST_ITEMS = 5
