"""Recomputes reports with the `krippendorff` and `statsmodels` packages, as its own process.

The only place that imports them (`krippendorff` is GPL-3.0); nothing imports this package.
`python -m analytics.verification` reads problems as JSON on stdin and writes differences.
"""
