"""The coefficients of agreement, each a function of `sums`, by name in `catalogue`."""
