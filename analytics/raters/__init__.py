"""Rater statistics: each with n, an interval and shrinkage; signals for people, not league tables.

Direction: panel > against, leave_one_out > shrinkage, intervals; the sequential rules (gold, sprt,
csp, cusum) and the counters (shares, speed, straightlining) are independent. Callers are services
and studies.
"""
