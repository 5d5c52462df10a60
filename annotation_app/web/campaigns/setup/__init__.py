"""Setting a campaign up: new, settings, plan, state, pilot."""
