"""Serving images to those who may see them."""
