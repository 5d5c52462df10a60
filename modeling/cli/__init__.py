"""The command line: ``train``, ``evaluate``, ``score``, ``ablate``."""

from modeling.cli.main import build_parser, main

__all__ = ["build_parser", "main"]
