"""Qwen2.5-VL and Qwen3-VL as encoders; imports run backbone > options > core > leaf modules.

Rooms above use ``backbone``; the released-checkpoint room also builds its own plans on ``core``.
"""
