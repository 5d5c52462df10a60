"""What the guards find before a version is built, and what they refuse."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from annotation_app.enums import BuildState, CheckKind, MembershipStatus, Role
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    Candidate,
    Check,
    DrawnCandidate,
    Item,
    Membership,
    QualityPlan,
    User,
)
from annotation_app.services.exports.guards.preview import preview_version
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.pairing import ScoreBasis
from annotation_app.services.exports.versions import request_dataset, run_export_job
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign, make_picture

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(done, total, message):
    pass


def build(campaign, **options):
    version = request_dataset(campaign=campaign, options=ExportOptions(**options), created_by=None)
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    return version


def guards(version):
    return version.manifest["report"]["guards"]


@pytest.fixture
def campaign():
    """Two items of three candidates; the first candidate by id is best, the last worst."""
    campaign = make_campaign(2, k=3)
    for annotator in make_annotators(campaign, 2):
        rate_by_rule(campaign, annotator, lambda place, key: 4 - place)
    return campaign


def drawn(item):
    rows = DrawnCandidate.objects.filter(campaign_item__item=item).order_by("candidate__pk")
    return [row.candidate for row in rows]


def test_a_clean_campaign_has_nothing_to_report(campaign):
    found = guards(build(campaign))
    assert found == {
        "identical_candidates": {"count": 0, "listed": []},
        "shared_tasks": 0,
        "duplicate_rows": {"count": 0, "listed": []},
        "contradicting_rows": {"count": 0, "listed": []},
    }


def test_one_picture_twice_among_an_items_candidates_repeats_and_contradicts_itself(campaign):
    item = Item.objects.order_by("pk")[0]
    best, middle, worst = drawn(item)
    Candidate.objects.filter(pk=middle.pk).update(image=best.image)
    name = item.external_id
    found = guards(build(campaign))
    assert found["identical_candidates"] == {
        "count": 1,
        "listed": [{"item_id": name, "candidates": sorted([best.external_id, middle.external_id])}],
    }
    # best and middle are the same pixels, and both beat the worst: one claim made twice
    [twice] = found["duplicate_rows"]["listed"]
    assert set(twice) == {
        f"{name}:{best.external_id}>{worst.external_id}:overall",
        f"{name}:{middle.external_id}>{worst.external_id}:overall",
    }
    # best > middle says that a picture beats itself
    assert found["contradicting_rows"]["listed"] == [
        [f"{name}:{best.external_id}>{middle.external_id}:overall"]
    ]


def test_the_same_task_under_two_ids_with_opposite_scores_contradicts_itself():
    campaign = make_campaign(2, k=2)
    Item.objects.update(instruction="Make it blue!")
    first, second = make_annotators(campaign, 2)
    rate_by_rule(campaign, first, lambda place, key: 4 - place)
    rate_by_rule(campaign, second, lambda place, key: 1 + place)
    one, two = (drawn(item) for item in Item.objects.order_by("pk"))
    for theirs, ours in zip(two, one, strict=True):
        Candidate.objects.filter(pk=theirs.pk).update(image=ours.image)
    found = guards(build(campaign))
    assert found["shared_tasks"] == 1
    assert found["duplicate_rows"]["count"] == 0
    [rows] = found["contradicting_rows"]["listed"]
    assert len(rows) == 2
    assert found["identical_candidates"]["count"] == 0


def test_missing_images_fail_the_job_with_every_item_and_field_and_what_to_do(campaign):
    item = Item.objects.order_by("pk")[0]
    lost = [make_picture((9, 9, 9), (4, 4)), make_picture((8, 8, 8), (4, 4))]
    Item.objects.filter(pk=item.pk).update(source_image=lost[0])
    candidate = drawn(item)[1]
    Candidate.objects.filter(pk=candidate.pk).update(image=lost[1])
    for image in lost:
        default_storage.delete(image.file)
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    with pytest.raises(InvalidInputError) as refused:
        run_export_job(version.job, quiet)
    said = refused.value.message
    assert "2 images are missing" in said
    assert f"Item {item.external_id}, source_image: {lost[0].file}" in said
    assert f"Item {item.external_id}, candidate {candidate.external_id}: {lost[1].file}" in said
    assert "withdraw the items" in said
    version.refresh_from_db()
    assert version.state == BuildState.FAILED
    assert not list(Path(settings.EXPORT_ROOT).glob(f"{version.public_id}*"))
    seen = preview_version(campaign=campaign, options=ExportOptions()).missing
    assert {one.field for one in seen} == {"source_image", f"candidate {candidate.external_id}"}


def test_paused_and_uncalibrated_annotators_count_with_a_word_or_not_at_all(campaign):
    paused, working = User.objects.filter(memberships__campaign=campaign).order_by("pk")
    Membership.objects.filter(user=paused).update(status=MembershipStatus.PAUSED)
    QualityPlan.objects.update_or_create(
        campaign=campaign, defaults={"qualification_required": True}
    )
    version = build(campaign)
    raters = version.manifest["report"]["raters"]
    assert raters["counted_though"] == {
        "paused": [paused.pseudonym],
        "uncalibrated": [working.pseudonym],
        "below_quality": [],
    }
    without = build(campaign, leave_out_paused=True)
    assert without.manifest["report"]["raters"]["left_out"] == [paused.pseudonym]
    assert without.manifest["snapshot"]["ratings"] == 1
    only_paused = build(campaign, leave_out_uncalibrated=True)
    assert only_paused.manifest["report"]["raters"]["left_out"] == [working.pseudonym]


@pytest.mark.parametrize(("answers", "is_below"), [(4, False), (5, True)])
def test_who_fails_hidden_gold_again_and_again_is_named_or_left_out(answers, is_below):
    campaign = make_campaign(answers, k=2, base=2)
    weak, good = make_annotators(campaign, 2)
    for _ in range(answers):
        rating = rate_by_rule(campaign, weak, lambda place, key: 4 - place)
        Check.objects.create(
            campaign=campaign,
            annotator=weak,
            rating=rating,
            revision=rating.current_revision,
            kind=CheckKind.GOLD,
            passed=False,
            within=0,
            compared=4,
            rated_at=NOON,
        )
    rate_by_rule(campaign, good, lambda place, key: 4 - place)
    standing = build(campaign).manifest["report"]["raters"]["counted_though"]
    assert standing["below_quality"] == ([weak.pseudonym] if is_below else [])
    left = build(campaign, leave_out_below_quality=True)
    assert left.manifest["snapshot"]["ratings"] == (1 if is_below else answers + 1)


def test_simulated_ratings_beside_peoples_are_refused_before_and_by_the_job(campaign):
    person = User.objects.filter(memberships__campaign=campaign).first()
    User.objects.filter(pk=person.pk).update(is_simulated=True)
    preview = preview_version(campaign=campaign, options=ExportOptions())
    assert "never mixed" in preview.refused
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    with pytest.raises(InvalidInputError, match="never mixed"):
        run_export_job(version.job, quiet)
    version.refresh_from_db()
    assert version.state == BuildState.FAILED
    options = ExportOptions(leave_out=(person.pseudonym,))
    assert not preview_version(campaign=campaign, options=options).refused


def test_the_preview_counts_what_a_version_would_hold(campaign):
    item = Item.objects.order_by("pk")[0]
    first, second, _ = drawn(item)
    Candidate.objects.filter(pk=second.pk).update(image=first.image)
    preview = preview_version(campaign=campaign, options=ExportOptions())
    assert (preview.amounts.items, preview.amounts.candidates, preview.amounts.pairs) == (2, 6, 6)
    assert preview.raters["annotators"] == 2
    assert preview.missing == []
    assert preview.identical == [
        (item.external_id, sorted([first.external_id, second.external_id]))
    ]
    assert preview.size.total > 0
    version = build(campaign)
    assert version.manifest["pairs"]["total"]["possible"] == 6


def make_named(number, name):
    """A person whose database number is found wherever it stands."""
    user = User.objects.create_user(id=number, username=name, email=f"{name}@example.org")
    user.first_name, user.last_name = "Zebulon", "Quint"
    user.save()
    return user


def text_of(path):
    if path.suffix == ".parquet":
        return json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False)
    return path.read_bytes().decode(errors="ignore")


def test_no_file_of_any_format_holds_a_name_an_address_or_a_number_of_a_person():
    campaign = make_campaign(2, k=2)
    people = [make_named(918_273_641, "wilhelmina"), make_named(918_273_642, "thaddeus")]
    admin = make_named(918_273_643, "ottoline")
    for person in people:
        add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
        rate_by_rule(campaign, person, lambda place, key: 4 - place)
    version = request_dataset(
        campaign=campaign,
        options=ExportOptions(formats=tuple(ExportFormat), scores=ScoreBasis.RATER),
        created_by=admin,
    )
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    folder = Path(settings.EXPORT_ROOT) / version.folder
    said = {path.name: text_of(path) for path in folder.rglob("*") if path.is_file()}
    secrets = {"Zebulon", "Quint", "example.org"}
    secrets |= {secret for one in (*people, admin) for secret in (one.username, str(one.pk))}
    assert [(name, one) for name, text in said.items() for one in secrets if one in text] == []
    ratings = [json.loads(line) for line in said["ratings.jsonl"].splitlines()]
    assert {row["annotator"] for row in ratings} == {person.pseudonym for person in people}
