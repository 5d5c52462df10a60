"""Sending a finished folder to a dataset hub: client < pushing. Off unless the operator lists hubs.

Pages and the command call `pushing.push_dataset` and `pushing.push_benchmark`.
"""
