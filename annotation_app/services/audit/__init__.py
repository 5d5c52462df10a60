"""The audit log: its events, and the seals that chain them."""
