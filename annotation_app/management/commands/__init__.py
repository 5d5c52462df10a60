"""Commands: parse arguments, call a service, print."""
