"""Rubrics' scales, criteria and wording, and guideline versions."""
