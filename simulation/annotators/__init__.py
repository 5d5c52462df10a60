"""Simulated annotators: one person's way of rating, and rosters of them."""
