"""Tests of analytics.facet."""
