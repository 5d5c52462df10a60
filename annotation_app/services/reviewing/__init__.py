"""Disputes: how they are found, claimed, rated blind and decided; flags and screening."""
