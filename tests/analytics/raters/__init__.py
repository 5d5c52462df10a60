"""Tests of analytics.raters."""
