"""Preference pairs from exact scores. Anyone may call it.

Modules import downwards only: dataset | audit | from_ratings > build | final_scores > judge >
exact | counts | presentation > options | records | dimensions.
"""
