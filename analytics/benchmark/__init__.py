"""Multi-way benchmarks: building them from cross-checked items, and scoring systems on them.

Modules import downwards only: builder > tuples | eligibility > groups > orders for building,
report > scoring | labels | position > orders for scoring, and as_published beside them.
"""
