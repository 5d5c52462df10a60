"""Tests of analytics.monitoring."""
