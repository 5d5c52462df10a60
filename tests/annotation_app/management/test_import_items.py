"""The command: what it prints, what it plans, how it exits."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation_app.models import Campaign, Collection, Item
from tests.factories.files import item, make_folder


def run(path, *arguments):
    """Run the command; gives what it wrote to both outputs."""
    out, errors = io.StringIO(), io.StringIO()
    call_command("import_items", str(path), "--no-progress", *arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


@pytest.fixture(autouse=True)
def media(db, settings, tmp_path):
    """A storage of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"


def test_items_and_tasks_are_made_at_first_and_nothing_at_second(tmp_path):
    folder = make_folder(tmp_path / "in", [item("a"), item("b")])
    out, _ = run(folder, "--collection", "Real", "--campaign", "Pilot")
    assert "2 items imported with 4 candidates (3 new images)" in out
    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.collection.name) == ("Pilot", "Real")
    tasks = campaign.tasks.count()
    assert tasks >= 2
    out, _ = run(folder, "--collection", "Real", "--campaign", "Pilot")
    assert "2 unchanged" in out
    assert (Collection.objects.count(), Campaign.objects.count()) == (1, 1)
    assert campaign.tasks.count() == tasks


def test_bad_rows_are_listed_and_fail_the_command_but_not_the_good_ones(tmp_path):
    folder = make_folder(tmp_path / "in", [item("a", source_image="no.png"), item("b")])
    errors = io.StringIO()
    with pytest.raises(CommandError, match="not imported: 1"):
        call_command(
            "import_items", str(folder), "--collection", "Real", stderr=errors, stdout=errors
        )
    assert (
        "manifest.jsonl:1 (item a): source_image: The file “no.png” does not exist."
        in errors.getvalue()
    )
    assert Item.objects.get().external_id == "b"


def test_dry_run_makes_neither_collection_nor_campaign(tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    out, _ = run(folder, "--collection", "Real", "--campaign", "Pilot", "--dry-run")
    assert "1 items would be imported" in out
    assert not Collection.objects.exists()
    assert not Campaign.objects.exists()


def test_campaign_of_another_collection_is_refused(tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    run(folder, "--collection", "Real", "--campaign", "Pilot")
    with pytest.raises(CommandError, match="uses the collection “Real”"):
        run(folder, "--collection", "Other", "--campaign", "Pilot")
    assert not Collection.objects.filter(name="Other").exists()


def test_path_that_is_nothing_is_a_clear_error(tmp_path):
    with pytest.raises(CommandError, match="There is no file or folder"):
        run(tmp_path / "none", "--collection", "Real")
