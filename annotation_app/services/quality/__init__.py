"""Training, qualification, hidden checks, cross-checks and the actions on annotators."""
