"""Serves the site on one machine for script/demo.

Direction: `__main__` > `site` > `supervisor` > `child` > `journal`; `leftovers`, `port` and
`procfile` separately.
"""
