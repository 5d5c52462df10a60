"""Alerts, open and past."""
