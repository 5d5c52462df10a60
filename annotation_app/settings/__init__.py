"""Settings by situation: local (one machine), test, production. Read them through django.conf."""
