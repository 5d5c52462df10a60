"""Jobs, the regular upkeep and the health of the installation."""
