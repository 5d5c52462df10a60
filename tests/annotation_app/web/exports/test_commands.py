"""The commands that a version's page prints, read by the program that they call."""

import html
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.services.exports.options import ExportFormat
from annotation_app.services.people.members import add_member
from modeling.cli import build_parser
from modeling.data import read_dataset
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def printed(page):
    found = re.search(r'<pre id="training-commands"[^>]*>(.*?)</pre>', page, re.DOTALL)
    return html.unescape(found[1]).strip().splitlines() if found else []


def page_of(client, version):
    where = reverse("dataset-detail", args=[version.campaign.slug, version.number])
    return client.get(where).content.decode()


def test_the_printed_lines_are_taken_by_the_program_and_name_the_versions_folder(
    signed, build, settings, tmp_path
):
    settings.EXPORT_ROOT = tmp_path / "with a blank"
    version = build(formats=(ExportFormat.TRAINING,))
    train, evaluate = printed(page_of(signed, version))
    for line in (train, evaluate):
        assert line.startswith(".venv/bin/python -m modeling ")
    training = build_parser().parse_args(shlex.split(train)[3:])
    judging = build_parser().parse_args(shlex.split(evaluate)[3:])
    assert (training.command, judging.command) == ("train", "evaluate")
    assert training.data == judging.data == settings.EXPORT_ROOT / version.folder
    assert training.output == judging.model
    dataset = read_dataset(training.data)
    filled = {row.split.value for row in dataset.groups}
    assert judging.split.value in filled or not {"test", "validation"} & filled


def test_nothing_is_printed_without_the_format_or_for_who_may_not_read_the_folder(
    signed, build, client
):
    assert printed(page_of(signed, build())) == []
    version = build(formats=(ExportFormat.TRAINING,))
    assert len(printed(page_of(signed, version))) == 2
    reviewer = make_user()
    add_member(actor=None, campaign=version.campaign, user=reviewer, role=Role.REVIEWER)
    client.force_login(reviewer)
    page = page_of(client, version)
    assert printed(page) == []
    assert str(Path(settings.EXPORT_ROOT)) not in page
