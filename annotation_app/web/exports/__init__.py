"""Dataset versions: list, build, read, download."""
