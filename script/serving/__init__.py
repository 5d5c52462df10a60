"""Serves the site on one machine for script/demo: `__main__` > `site` > `leftovers | port`."""
