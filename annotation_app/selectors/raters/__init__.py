"""Annotators' figures against the others, and their records beside agreement."""
