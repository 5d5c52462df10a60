"""Benchmarks from building to judging.

plans, groups < items < choosing < building; rankings, files < publishing; predictions, figures <
scoring < judging. Pages and job runners call building, rankings, publishing and judging.
"""
