"""Pure statistics over arrays and tables: agreement, intervals, rater quality, facet model, pairs.

Direction: `analytics` imports numpy, scipy and pyarrow only; never Django, Celery or torch.
Callers build a frozen table, call one function and get a frozen result back.
Only `analytics.verification` uses the GPL oracles; it runs as its own process.
"""
