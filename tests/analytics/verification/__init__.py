"""Tests of the independent verification process."""
