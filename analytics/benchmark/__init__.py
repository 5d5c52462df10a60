"""Multi-way benchmarks: building them from cross-checked items, and scoring systems on them.

Modules import downwards only. Building: builder > tuples | eligibility > groups > orders. Scoring:
report | answers > rows | scoring | labels | position > orders. The papers' own formulas are in
as_published.
"""
