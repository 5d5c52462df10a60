"""Train/validation/test splits by connected component, and reports of what still leaks. Pure.

Modules import downwards only: leaks > assign > components > records.
"""
