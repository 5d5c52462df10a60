"""`manage.py write_template FOLDER [--csv]`: a small folder to import and to change."""

import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.services.collections.importing.example import write_example


class Command(BaseCommand):
    """Writes a manifest, placeholder pictures and ratings; touches no database."""

    help = "Write a small folder that imports: a manifest, placeholder pictures and ratings.csv."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
        parser.add_argument(
            "--csv", action="store_true", help="write manifest.csv instead of manifest.jsonl"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            files = write_example(folder, as_csv=options["csv"])
        except AnnotationError as error:
            raise CommandError(error.message) from error
        shown = shlex.quote(str(folder))
        self.stdout.write(f"Wrote {len(files)} files into {folder}. To import them:")
        self.stdout.write(f"  script/manage import_items {shown} --collection Mine --campaign Mine")
        self.stdout.write(f"  script/manage import_ratings {shown}/ratings.csv --campaign Mine")
