"""The runner of studies."""
