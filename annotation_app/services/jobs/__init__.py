"""Jobs: their life, what they make and report, and the regular upkeep."""
