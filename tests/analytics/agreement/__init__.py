"""Tests of the agreement coefficients and their intervals."""
