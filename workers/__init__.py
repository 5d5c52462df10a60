"""The Celery side: the app, its schedule and its tasks. Tasks load ids, call, record."""
