"""Many-facet ordinal model: candidate quality, rater severity and discrimination, thresholds.

Direction: fit > aside > errors, search > information > likelihood > parameters. NumPy with an
analytic gradient, scipy's L-BFGS.
"""
