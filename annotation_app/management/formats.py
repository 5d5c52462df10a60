"""The import commands' help on their file formats; the examples can be imported unchanged."""

import textwrap
from argparse import RawDescriptionHelpFormatter

from django.core.management.base import DjangoHelpFormatter

from annotation_app.services.collections.importing import example


class RawFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of options, and the lines of the examples unchanged."""


WRITE = "script/manage write_template my-edits"
ITEMS = f"""\
{WRITE} writes a small folder to start from:

{textwrap.indent(example.TREE, "    ")}
One line of manifest.jsonl for each item; image paths are relative to the manifest:

{textwrap.indent(example.jsonl(1), "    ")}
Or manifest.csv with one row for each candidate:

{textwrap.indent(example.table(1), "    ")}
Only item_id, instruction, source_image, and of each candidate candidate_id, model and image are
needed; columns of other names are kept as metadata. Parquet has the same columns. Images are PNG,
JPEG, WebP, GIF, TIFF or BMP.
"""
RATINGS = f"""\
One row for each candidate that a person rated, with a column for each dimension of the rubric:

{textwrap.indent(example.ratings(), "    ")}
Or one row for each score, with the columns item, candidate, annotator, dimension and level; an
empty level is “cannot judge”, with its missing_reason. seconds and order (the place on screen) may
follow. The items must be in the campaign already. {WRITE} writes such a
ratings.csv too.
"""
