"""Encoders behind one protocol; rooms above reach them through ``BACKBONES`` alone."""
