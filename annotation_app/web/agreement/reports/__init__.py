"""Pages of frozen agreement reports: list, report, comparison, PDF and JSON."""
