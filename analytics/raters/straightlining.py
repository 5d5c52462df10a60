"""Straight-lining: one level for all candidates of an item; how many candidates it needs.

The runs are counted where the ratings are stored. Sources: Meade and Craig (2012), long-string
index; Curran (2016).
"""

FEWEST_CANDIDATES = 3
