"""Many-facet ordinal model: candidate quality, rater severity and discrimination, thresholds.

Direction: fit > errors, likelihood > parameters. NumPy with an analytic gradient, scipy's L-BFGS.
"""
