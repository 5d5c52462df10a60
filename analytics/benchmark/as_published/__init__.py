"""The public benchmarks' own formulas, quirks included, so that old tables can be matched.

Every result here says which quirk it carries; our own protocol is ``analytics.benchmark.report``.
"""
