"""`manage.py import_ratings PATH --campaign NAME [--dry-run] [--declared-random]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.management.finding import named_campaign
from annotation_app.management.formats import RATINGS, RawFormatter
from annotation_app.management.paths import existing
from annotation_app.services.collections.rating_imports.records import RatingsSummary
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    import_edit_reward_data,
    import_ratings,
)


class Command(BaseCommand):
    """Imports existing ratings; exits with 1 if there are problems, listing them."""

    help = (
        "Import a ratings file (.csv, .tsv, .json, .jsonl, .parquet) or an EditReward-Data folder."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawFormatter
        parser.epilog = RATINGS
        parser.add_argument("path", type=Path, help="a ratings file, or an EditReward-Data folder")
        parser.add_argument("--campaign", required=True, help="its name")
        parser.add_argument(
            "--dry-run", action="store_true", help="check only: list all problems without writing"
        )
        parser.add_argument(
            "--declared-random",
            action="store_true",
            help="confirm that items and annotators were drawn at random",
        )
        parser.add_argument(
            "--encoding", help="encoding of a file that is not UTF-8, such as cp1252 or gbk"
        )
        parser.add_argument(
            "--partial",
            action="store_true",
            help="import even if the file has no scores for some of the rubric's dimensions",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        path = existing(options["path"])
        campaign = named_campaign(options["campaign"])
        choices = RatingsOptions(
            dry_run=options["dry_run"],
            declared_random=options["declared_random"],
            partial=options["partial"],
            encoding=options["encoding"],
        )
        try:
            summary = (
                import_edit_reward_data(folder=path, campaign=campaign, options=choices)
                if path.is_dir()
                else import_ratings(path=path, campaign=campaign, options=choices)
            )
        except (AnnotationError, OSError) as error:
            details = getattr(error, "details", {})
            self._list(details.get("summary"))
            raise CommandError(str(error)) from error
        self._report(summary, choices, is_folder=path.is_dir())

    def _report(self, summary: RatingsSummary, choices: RatingsOptions, *, is_folder: bool) -> None:
        self._list(summary)
        unconfirmed = summary.lacking and not choices.partial
        verb = "would be imported" if summary.dry_run else "imported"
        if summary.dry_run and not is_folder and (summary.problem_count or unconfirmed):
            self.stdout.write("No ratings are imported until the file has no errors.")
            verb = "are valid"
        self.stdout.write(
            f"{summary.ratings:,} ratings {verb} with {summary.scores:,} scores of"
            f" {summary.items:,} items by {summary.annotators:,} annotators."
        )
        if not choices.declared_random:
            self.stdout.write(
                "They do not enter the headline figures, which need random draws: give"
                " --declared-random if items and annotators were drawn at random."
            )
        if summary.problem_count:
            raise CommandError(f"Problems: {summary.problem_count:,}.")
        if unconfirmed:
            raise CommandError(
                f"The file has no scores for {', '.join(summary.lacking)}: name the column after "
                "the"
                " dimension, or import with --partial."
            )

    def _list(self, summary: RatingsSummary | None) -> None:
        for problem in summary.problems if summary else ():
            self.stderr.write(str(problem))
        for notice in summary.notices if summary else ():
            self.stderr.write(f"note: {notice}")
