"""How much data a figure needs and how sure its interval is: each limit once, texts included."""

# Confidence level of every interval that names no other, and the same as probabilities of the
# percentiles of replicates.
CONFIDENCE = 0.95
TAILS = (0.025, 0.975)
# Figures that are like the rest are within limits of this level except for two in a thousand.
OUTLYING = 0.998

# Items with overlap, or clusters of any kind, below which no interval is given: a t quantile with
# fewer degrees of freedom is useless.
FEWEST_ITEMS = 5
# Annotators below which the spread between annotators cannot be estimated.
FEWEST_ANNOTATORS = 3
# Annotators with figures below which they make no pool to be compared with, or shrunk to.
FEWEST_FOR_POOL = 5
# Raters of one candidate or item below which no comparison is possible.
FEWEST_RATERS = 2

# Accuracy on hidden gold that is too low, how likely it must be that it is below, and the answers
# before which no one is judged.
GOLD_FLOOR = 0.8
GOLD_CERTAINTY = 0.95
FEWEST_GOLD_ANSWERS = 5
