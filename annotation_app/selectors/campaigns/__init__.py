"""Campaigns: who may see them, how far they are, what their pilots showed."""
