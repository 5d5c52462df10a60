"""Coefficients compared: strata, slices against the rest, two tables or two dimensions."""
