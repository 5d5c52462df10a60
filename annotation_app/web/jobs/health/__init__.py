"""The operator's page of how the installation is."""
