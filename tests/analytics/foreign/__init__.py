"""Tests of the readers of foreign rating files."""
