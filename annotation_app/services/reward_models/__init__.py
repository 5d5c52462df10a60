"""Reward models: their versions and what these predict."""
