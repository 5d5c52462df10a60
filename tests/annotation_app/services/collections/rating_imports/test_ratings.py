import csv
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotation_app.enums import (
    AuditVerb,
    Design,
    RatingsImportState,
    RatingStatus,
    RevisionCause,
    TaskState,
)
from annotation_app.exceptions import ConflictError, InvalidInputError, JobCancelledError
from annotation_app.models import (
    AuditEvent,
    CampaignItemChange,
    DrawnCandidate,
    ImportedAnnotator,
    Rating,
    RatingsImport,
    Score,
    Task,
    User,
)
from annotation_app.selectors.agreement.tables import campaign_tables
from annotation_app.selectors.rating.scores import counted_scores
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.rating_imports import resolving, writing
from annotation_app.services.collections.rating_imports.dimensions import words_for
from annotation_app.services.collections.rating_imports.reading import RatingsFile
from annotation_app.services.collections.rating_imports.releasing import release_import
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    RunContext,
    import_ratings,
)
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db

COLUMNS = ("item", "candidate", "annotator", "dimension", "level", "missing_reason", "seconds")


@pytest.fixture
def campaign():
    return make_campaign(3, k=2)


def shown(campaign):
    """(Item id, candidate id) of everything the campaign shows."""
    rows = DrawnCandidate.objects.filter(campaign_item__campaign=campaign).order_by("pk")
    return list(rows.values_list("campaign_item__item__external_id", "candidate__external_id"))


def good_rows(campaign, annotators=("anna", "ben")):
    return [
        {
            "item": item,
            "candidate": candidate,
            "annotator": annotator,
            "dimension": dimension,
            "level": 3 if dimension == "if" else 2,
            "missing_reason": "",
            "seconds": 40,
        }
        for annotator in annotators
        for item, candidate in shown(campaign)
        for dimension in ("if", "vq")
    ]


def write(path, rows, columns=COLUMNS):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path, campaign, **options):
    context = options.pop("context", None)
    return import_ratings(
        path=path, campaign=campaign, options=RatingsOptions(**options), context=context
    )


def test_ratings_count_under_placeholders_who_cannot_sign_in(campaign, tmp_path):
    summary = run(write(tmp_path / "r.csv", good_rows(campaign)), campaign)
    assert (summary.ratings, summary.scores, summary.annotators, summary.items) == (6, 24, 2, 3)
    assert len(list(counted_scores(campaign))) == 24
    users = User.objects.filter(imported_as__campaign=campaign)
    assert users.count() == 2
    assert not any(user.is_active or user.has_usable_password() for user in users)
    assert not any(user.memberships.exists() for user in users)
    names = [f"{user.username} {user.pseudonym} {user.email}" for user in users]
    assert not any("anna" in text or "ben" in text for text in names)
    assert authenticate(username=users[0].username, password="") is None
    assert set(Rating.objects.values_list("current_revision__cause", flat=True)) == {
        RevisionCause.IMPORT
    }


def test_their_slots_stand_apart_and_leave_the_plan_its_own(campaign, tmp_path):
    before = Task.objects.filter(campaign=campaign).count()
    run(write(tmp_path / "r.csv", good_rows(campaign)), campaign)
    plan_campaign(campaign=campaign)
    imported = Task.objects.filter(campaign=campaign, design=Design.IMPORTED)
    assert set(imported.values_list("state", "ordinal")) == {
        (TaskState.FILLED, 1001),
        (TaskState.FILLED, 1002),
    }
    assert Task.objects.filter(campaign=campaign, state=TaskState.OPEN).count() == before


@pytest.mark.parametrize(("declared", "units"), [(False, 0), (True, 6)])
def test_only_declared_ratings_enter_the_headline(campaign, tmp_path, declared, units):
    run(write(tmp_path / "r.csv", good_rows(campaign)), campaign, declared_random=declared)
    tables = campaign_tables(campaign, designs=frozenset({Design.RANDOM}))
    assert len(set(tables["if"].unit)) == units


def test_one_column_a_dimension_is_read_too(campaign, tmp_path):
    rows = [
        {"item_id": item, "candidate_id": candidate, "rater": "x", "if": 4, "visual_quality": 1}
        for item, candidate in shown(campaign)
    ]
    path = write(
        tmp_path / "w.csv", rows, ("item_id", "candidate_id", "rater", "if", "visual_quality")
    )
    assert run(path, campaign).scores == 12
    levels = {(row.dimension, row.level) for row in counted_scores(campaign)}
    assert levels == {("if", 4), ("vq", 1)}


def test_what_an_annotator_could_not_judge_stays_missing(campaign, tmp_path):
    rows = good_rows(campaign, ("anna",))
    rows[0] |= {"level": "", "missing_reason": "image_broken"}
    run(write(tmp_path / "r.csv", rows), campaign)
    assert Score.objects.get(level=None).missing_reason == "image_broken"


def spoilt(campaign):
    """Rows with one problem each, and the line, field and words that name it."""
    rows = good_rows(campaign, ("anna",))
    rows[0] |= {"level": 9}
    rows[1] |= {"level": "good"}
    rows[2] |= {"item": "nowhere"}
    rows[3] |= {"candidate": "nobody"}
    rows[4] |= {"dimension": "beauty"}
    rows[5] |= {"annotator": ""}
    rows[6] = dict(rows[7])
    rows[8] |= {"level": "", "missing_reason": "tired"}
    return rows


def test_a_dry_run_names_every_bad_row_and_writes_nothing(campaign, tmp_path):
    summary = run(write(tmp_path / "r.csv", spoilt(campaign)), campaign, dry_run=True)
    found = {(one.line, one.field): one.reason for one in summary.problems}
    assert found == {
        (2, "level"): "9 is outside the rubric's levels of if.",
        (3, "level"): "“good” is not a level of vq.",
        (4, "item"): "The campaign has no item “nowhere”.",
        (5, "candidate"): "The item has no candidate “nobody”.",
        (6, "dimension"): "The rubric has no “beauty”.",
        (7, "annotator"): "It is empty.",
        (9, "dimension"): "The same score is already in line 8.",
        (10, "missing_reason"): "“tired” is not a known reason.",
    }
    assert all(one.remedy for one in summary.problems)
    assert not Rating.objects.exists()
    assert not ImportedAnnotator.objects.exists()


def test_one_bad_row_keeps_the_whole_file_out(campaign, tmp_path):
    with pytest.raises(InvalidInputError, match="nothing was imported"):
        run(write(tmp_path / "r.csv", spoilt(campaign)), campaign)
    assert not Rating.objects.exists()


def test_a_candidate_that_is_not_shown_is_named(campaign, tmp_path):
    item = campaign.campaign_items.first()
    hidden = item.item.candidates.exclude(drawn__campaign_item=item).first()
    row = good_rows(campaign)[0] | {"item": item.item.external_id, "candidate": hidden.external_id}
    summary = run(write(tmp_path / "r.csv", [row]), campaign, dry_run=True)
    assert "was not drawn" in summary.problems[0].reason


def test_a_stop_in_the_middle_leaves_nothing(campaign, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "RATINGS_AT_ONCE", 2)
    answers = iter([False, True])
    context = RunContext(should_stop=lambda: next(answers))
    with pytest.raises(JobCancelledError):
        run(write(tmp_path / "r.csv", good_rows(campaign)), campaign, context=context)
    assert not Rating.objects.exists()
    assert not RatingsImport.objects.exists()
    assert not Task.objects.filter(design=Design.IMPORTED).exists()


def test_the_same_annotator_of_another_file_keeps_the_placeholder(campaign, tmp_path):
    rows = good_rows(campaign, ("anna",))
    first = shown(campaign)[0][0]
    run(write(tmp_path / "1.csv", [row for row in rows if row["item"] == first]), campaign)
    run(write(tmp_path / "2.csv", [row for row in rows if row["item"] != first]), campaign)
    assert ImportedAnnotator.objects.filter(campaign=campaign).count() == 1
    with pytest.raises(InvalidInputError) as caught:
        run(tmp_path / "1.csv", campaign)
    assert "earlier import" in caught.value.details["summary"].problems[0].reason


def test_a_whole_import_can_be_released_and_taken_again(campaign, tmp_path):
    path = write(tmp_path / "r.csv", good_rows(campaign))
    run(path, campaign)
    record, admin = RatingsImport.objects.get(), make_user()
    CampaignItemChange.objects.all().delete()
    number = release_import(record=record, actor=admin, reason="Wrong file.", now=timezone.now())
    record.refresh_from_db()
    assert (number, record.state) == (6, RatingsImportState.RELEASED)
    assert list(counted_scores(campaign)) == []
    assert set(Rating.objects.values_list("status", "task__state")) == {
        (RatingStatus.RELEASED, TaskState.CLOSED)
    }
    assert CampaignItemChange.objects.count() == 3  # the live figures hear of it
    event = AuditEvent.objects.get(verb=AuditVerb.RELEASED)
    assert event.data == {"reason": "Wrong file.", "ratings": 6}
    with pytest.raises(ConflictError):
        release_import(record=record, actor=admin, reason="", now=timezone.now())
    assert run(path, campaign).ratings == 6


def test_two_imports_of_the_same_ratings_do_not_both_count(campaign, tmp_path, monkeypatch):
    path = write(tmp_path / "r.csv", good_rows(campaign))
    run(path, campaign)
    # as if the other import had committed after this one had looked
    monkeypatch.setattr(resolving, "_rated", lambda campaign: ())
    with pytest.raises(ConflictError, match="Another import"):
        run(path, campaign)
    assert Rating.objects.count() == 6
    assert RatingsImport.objects.count() == 1


def test_the_command_imports_and_lists_problems(campaign, tmp_path, capsys):
    bad = write(tmp_path / "bad.csv", spoilt(campaign))
    with pytest.raises(CommandError):
        call_command("import_ratings", bad, campaign=campaign.name)
    assert "bad.csv:2" in capsys.readouterr().err
    good = write(tmp_path / "good.csv", good_rows(campaign))
    call_command("import_ratings", good, campaign=campaign.name)
    assert "6 ratings imported with 24 scores" in capsys.readouterr().out


def test_a_parquet_file_reads_as_the_same_rows_and_its_images_are_left_alone(campaign, tmp_path):
    rows = good_rows(campaign)
    for row in rows[:2]:
        row |= {"level": None, "missing_reason": "unsafe"}
    table = pa.Table.from_pylist([row | {"image": {"bytes": b"x", "path": None}} for row in rows])
    pq.write_table(table, tmp_path / "r.parquet", row_group_size=5)
    write(tmp_path / "r.csv", rows)
    words = words_for(("if", "vq"))
    texts = [
        [replace(row, file="", line=0) for row in RatingsFile(tmp_path / name, words).rows()]
        for name in ("r.csv", "r.parquet")
    ]
    assert texts[0] == texts[1]
    assert run(tmp_path / "r.parquet", campaign).scores == 24


def test_a_parquet_file_that_lacks_a_column_or_is_none_is_refused(campaign, tmp_path):
    pq.write_table(pa.table({"item": ["a"], "level": [1]}), tmp_path / "r.parquet")
    with pytest.raises(InvalidInputError, match=r"r\.parquet has no column “candidate”"):
        run(tmp_path / "r.parquet", campaign)
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InvalidInputError, match=r"b\.parquet cannot be read as Parquet"):
        run(tmp_path / "b.parquet", campaign)
    assert not Rating.objects.exists()
