"""Alerts: opening and resolving them, watching for their conditions, telling of them."""
