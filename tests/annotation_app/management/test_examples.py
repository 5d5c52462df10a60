"""The examples that README, docs and help texts print are imported exactly as they are printed."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError

from annotation_app.models import Campaign, Collection, Item, Score
from annotation_app.services.collections.importing.example import draw_placeholder
from tests.architecture.source_tree import CHECKOUT

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r"(?:^(?: {4}.*)?\n)+", re.MULTILINE)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def help_of(command):
    return load_command_class("annotation_app", command).create_parser("", command).format_help()


def text_of(place):
    return help_of(place[2:]) if place.startswith("--") else (CHECKOUT / place).read_text()


def blocks(place):
    """The indented blocks of a text, without their indent."""
    found = [match[0] for match in BLOCK.finditer(text_of(place))]
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip() + "\n" for block in found]


def examples(place, beginning):
    return [block for block in blocks(place) if block.startswith(beginning)]


def pictures_of(text):
    return sorted(set(re.findall(r"images/[\w-]+\.png", text)))


def write_folder(folder, name, text):
    (folder / "images").mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    for picture in pictures_of(text):
        draw_placeholder(Path(picture).stem).save(folder / picture)
    return folder


def run(command, *arguments, **options):
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("place", ["README.md", "docs/importing.md", "--import_items"])
def test_the_printed_tree_is_the_one_that_the_template_writes(place, tmp_path):
    [tree] = examples(place, "my-edits/\n")
    run("write_template", tmp_path / "my-edits")
    written = {path.name for path in (tmp_path / "my-edits").rglob("*")}
    named = set(re.findall(r"[\w.-]+(?=/?$)", tree, re.MULTILINE)) - {"my-edits"}
    assert named <= written
    assert {"manifest.jsonl", "images"} < named


@pytest.mark.parametrize("place", ["README.md", "docs/importing.md", "--import_items"])
@pytest.mark.parametrize(
    ("name", "beginning"), [("manifest.jsonl", '{"item_id"'), ("manifest.csv", "item_id,")]
)
def test_a_printed_manifest_imports_as_it_stands(place, name, beginning, tmp_path):
    [text] = examples(place, beginning)
    folder = write_folder(tmp_path / "in", name, text)
    if name.endswith(".csv"):
        rows = list(csv.DictReader(io.StringIO(text)))
        items, candidates = {row["item_id"] for row in rows}, len(rows)
    else:
        read = [json.loads(line) for line in text.splitlines()]
        items = {one["item_id"] for one in read}
        candidates = sum(len(one["candidates"]) for one in read)
    run("import_items", folder, "--no-progress", collection="Mine", campaign="Mine")
    assert set(Item.objects.values_list("external_id", flat=True)) == items
    assert sum(item.candidates.count() for item in Item.objects.all()) == candidates
    assert Campaign.objects.get().campaign_items.filter(tasks__isnull=False).distinct().count() == (
        len(items)
    )


@pytest.mark.parametrize("as_csv", [False, True])
def test_the_template_imports_with_its_ratings_and_leaves_an_item_to_rate(tmp_path, as_csv):
    folder = tmp_path / "my-edits"
    said = run("write_template", folder, csv=as_csv)
    assert (folder / "manifest.csv").exists() == as_csv
    # the lines that it prints next, as they stand
    for line in re.findall(r"script/manage (.*)", said):
        command, *arguments = line.split()
        run(command, *arguments, *(["--no-progress"] if command == "import_items" else []))
    campaign = Campaign.objects.get(name="Mine")
    assert (campaign.campaign_items.count(), Collection.objects.count()) == (3, 1)
    assert Score.objects.count() == 2 * 2 * 2 * 2  # people, items, candidates, dimensions
    assert campaign.tasks.filter(campaign_item__item__external_id="desk-1").exists()


@pytest.mark.parametrize("place", ["docs/importing.md", "--import_ratings"])
def test_printed_ratings_are_imported_as_they_stand(place, tmp_path):
    run("write_template", tmp_path / "my-edits")
    run("import_items", tmp_path / "my-edits", "--no-progress", collection="Mine", campaign="Mine")
    tables = examples(place, "item,candidate,annotator")
    assert len(tables) == (2 if place.startswith("docs") else 1)
    for number, text in enumerate(tables):
        file = tmp_path / f"{number}.csv"
        file.write_text(text)
        before = Score.objects.count()
        run("import_ratings", file, campaign="Mine")
        wide = "dimension" not in text
        assert Score.objects.count() - before == (len(text.splitlines()) - 1) * (2 if wide else 1)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        run("write_template", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_campaign_that_is_not_there_is_answered_with_those_that_are(tmp_path):
    (tmp_path / "r.csv").write_text("item,candidate,annotator,if,vq\n")
    with pytest.raises(CommandError, match="There is none yet"):
        run("import_ratings", tmp_path / "r.csv", campaign="Mien")
    run("write_template", tmp_path / "in")
    run("import_items", tmp_path / "in", "--no-progress", collection="Mine", campaign="Mine")
    for command, *paths in (("import_ratings", tmp_path / "r.csv"), ("agreement",)):
        with pytest.raises(CommandError, match="There are: “Mine”"):
            run(command, *paths, campaign="Mien")
