"""Annotators' records beside agreement."""
