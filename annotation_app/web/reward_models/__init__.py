"""Reward model versions: list, train, read, predict, promote."""
