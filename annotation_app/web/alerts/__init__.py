"""Pages of alerts and of the webhooks that they are posted to."""
