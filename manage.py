#!/usr/bin/env python
"""Django's command line for EditJury."""

import os
import sys

from annotation_app.management.running import run_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_app.settings.local")
    sys.exit(run_command(sys.argv))
