"""Rubrics and guidelines, from files and with example images."""
