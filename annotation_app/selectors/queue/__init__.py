"""Leases of annotators, and the images that they show."""
