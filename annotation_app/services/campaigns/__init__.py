"""Campaigns: made, planned, piloted and changed."""
