"""Benchmarks, their boards and their joint rankings."""
