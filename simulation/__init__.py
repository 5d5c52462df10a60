"""The demo world with known truth: scenes, simulated editors and annotators.

Imports numpy, Pillow and `analytics` only; scenes < editors < truth < annotators < world.
Called by management commands, `workers.tasks.demo`, tests and benchmarks.
"""
