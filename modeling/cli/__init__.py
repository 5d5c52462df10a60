"""The command line: ``train``, ``evaluate``, ``score``."""

from modeling.cli.main import main

__all__ = ["main"]
