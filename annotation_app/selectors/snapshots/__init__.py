"""Facts that snapshots keep, and what differs between two of them."""
