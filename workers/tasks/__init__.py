"""Celery tasks: load by id, call a service or library, record. Idempotent all."""
