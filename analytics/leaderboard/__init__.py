"""Leaderboards of generators and of reward models or judges, and their rows as plain records.

Modules import downwards only: records > generators | judges. Pure; pages and files read them.
"""
