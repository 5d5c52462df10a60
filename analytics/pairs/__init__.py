"""Preference pairs from exact scores. Anyone may call it.

Modules import downwards only:
dataset | audit > build > judge > exact | counts | presentation > options | records | dimensions.
"""
