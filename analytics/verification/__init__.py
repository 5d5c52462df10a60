"""Recomputes reports with the `krippendorff` and `statsmodels` packages, in its own process.

The only place that imports them (`krippendorff` is GPL-3.0); no module imports this package.
`python -m analytics.verification` reads problems as JSON on stdin and writes differences.
"""
