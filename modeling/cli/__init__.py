"""The command line: ``train``, ``evaluate``, ``score``, ``ablate``."""

from modeling.cli.main import main

__all__ = ["main"]
