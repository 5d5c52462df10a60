"""Bradley–Terry abilities of generators from pair comparisons, with ties and intervals. Pure.

Modules import downwards only: fit > newton | existence > likelihood | comparisons.
"""
