"""Setting up a campaign: its rubric, settings, plan and what the plan will give."""
