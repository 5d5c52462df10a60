"""Agreement over time: trend by period, change points and gates; for dashboards and alerts.

Direction: both modules import `analytics.agreement` only.
"""
