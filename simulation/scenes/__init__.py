"""Procedural scenes: a graph of things on a backdrop, drawn anti-aliased, and edits of it."""
