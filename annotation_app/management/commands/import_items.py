"""`manage.py import_items PATH --collection NAME [--campaign NAME] [--dry-run]`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.management.formats import ITEMS, RawFormatter
from annotation_app.management.paths import existing
from annotation_app.models import Collection
from annotation_app.selectors.campaigns.access import campaign_by_name
from annotation_app.services.collections.collections import open_collection
from annotation_app.services.collections.importing.campaigns import plan_imported
from annotation_app.services.collections.importing.problems import ImportSummary
from annotation_app.services.collections.importing.running import ImportOptions, import_items


class Command(BaseCommand):
    """Imports items and candidates; exits with 1 if some row was not taken, listing them."""

    help = "Import items and their candidates from a folder, a .zip or a table."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawFormatter
        parser.epilog = ITEMS
        parser.add_argument("path", type=Path, help="what to import")
        parser.add_argument(
            "--collection",
            required=True,
            help="name of the collection; created if it does not exist",
        )
        parser.add_argument(
            "--campaign", help="campaign to plan tasks in; created if it does not exist"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check only: list all errors without writing"
        )
        parser.add_argument(
            "--images", type=Path, help="folder of the images, if not next to the table"
        )
        parser.add_argument(
            "--encoding", help="encoding of a table that is not UTF-8, such as cp1252 or gbk"
        )
        parser.add_argument(
            "--by-reference",
            action="store_true",
            help="record where the originals are instead of copying them; they must stay there",
        )
        parser.add_argument(
            "--progress",
            action=argparse.BooleanOptionalAction,
            default=True,
            help="show a progress bar where the output is a terminal",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = self._import(options)
        except AnnotationError as error:
            raise CommandError(error.message) from error
        self._report(summary)
        if summary.has_failures:
            raise CommandError(f"Rows that were not imported: {summary.not_taken:,}.")

    def _import(self, options: dict[str, Any]) -> ImportSummary:
        path, images = existing(options["path"]), options["images"]
        choices = ImportOptions(
            by_reference=options["by_reference"],
            dry_run=options["dry_run"],
            images=images and existing(images),
            encoding=options["encoding"],
        )
        name = options["collection"]
        if options["campaign"]:
            campaign_by_name(name=options["campaign"], collection_name=name)
        collection = (
            Collection.objects.filter(name=name.strip()).first()
            if choices.dry_run
            else open_collection(name=name, actor=None)
        )
        with tqdm(disable=None if options["progress"] else True, unit="row") as bar:

            def show(done: int, total: int, message: str) -> None:
                bar.total = total
                bar.set_postfix_str(message, refresh=False)
                bar.update(done - bar.n)

            summary = import_items(path=path, collection=collection, options=choices, progress=show)
        is_there = summary.imported or summary.unchanged
        if options["campaign"] and collection and is_there and not choices.dry_run:
            campaign = plan_imported(name=options["campaign"], collection=collection)
            self.stdout.write(f"Campaign “{campaign.name}” has {campaign.tasks.count():,} tasks.")
        return summary

    def _report(self, summary: ImportSummary) -> None:
        for problem in summary.problems:
            self.stderr.write(str(problem))
        hidden = summary.problem_count - len(summary.problems)
        if hidden:
            self.stderr.write(f"… and {hidden:,} more problems.")
        for notice in summary.notices:
            self.stderr.write(f"note: {notice}")
        verb = "would be imported" if summary.dry_run else "imported"
        self.stdout.write(
            f"{summary.imported:,} items {verb} with {summary.candidates:,} candidates"
            f" ({summary.new_images:,} new images), {summary.unchanged:,} unchanged,"
            f" {summary.conflicts:,} in conflict, {summary.failed:,} failed."
        )
