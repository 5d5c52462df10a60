"""The demo: a simulated world, people to sign in as, and one run of the whole loop."""
