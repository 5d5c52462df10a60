"""A campaign's home and its agreement."""
