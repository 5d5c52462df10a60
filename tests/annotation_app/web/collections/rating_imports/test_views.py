import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import JobKind, Role
from annotation_app.models import Job, Rating, RatingsImport
from annotation_app.services.collections.rating_imports.jobs import run_ratings_import_job
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    import_ratings,
)
from annotation_app.services.jobs.lifecycle import claim_job, finish_job
from annotation_app.services.jobs.reporting import JobReporter
from annotation_app.services.people.members import add_member
from tests.annotation_app.services.collections.rating_imports.test_ratings import (
    good_rows,
    spoilt,
    write,
)
from tests.factories.edit_reward_data import pair_row, write_folder
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(3, k=2)


@pytest.fixture(autouse=True)
def admin(campaign, client):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    client.force_login(person)
    return person


def run_newest():
    """Do what the worker would."""
    job = claim_job(
        job_id=Job.objects.filter(kind=JobKind.IMPORT_RATINGS).latest("pk").pk, now=timezone.now()
    )
    finish_job(job=job, result=run_ratings_import_job(job, JobReporter(job)), now=timezone.now())


def check(client, campaign, path):
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    page = client.post(reverse("ratings-imports", args=[campaign.slug]), {"upload": upload})
    run_newest()
    return page.headers["Location"]


def test_a_file_is_checked_then_imported_then_released(campaign, client, tmp_path):
    where = check(client, campaign, write(tmp_path / "r.csv", good_rows(campaign)))
    assert "Import 6 ratings" in client.get(where).content.decode()
    assert not Rating.objects.exists()
    client.post(f"{where}run/")
    run_newest()
    assert Rating.objects.count() == 6
    record = RatingsImport.objects.get()
    page = client.get(reverse("ratings-imports", args=[campaign.slug])).content.decode()
    assert "r.csv" in page
    done = client.post(
        reverse("ratings-import-release", args=[campaign.slug, record.public_id]),
        {"reason": "Wrong file."},
        follow=True,
    )
    assert "6 ratings were released." in done.content.decode()


def test_figures_say_where_imported_ratings_count(campaign, client, tmp_path):
    where = check(client, campaign, write(tmp_path / "r.csv", good_rows(campaign)))
    home, agreement = (
        reverse(name, args=[campaign.slug]) for name in ("campaign-home", "agreement")
    )
    said = "6 imported ratings are not in these figures"
    for page in (home, agreement):
        assert said not in client.get(page).content.decode()
    client.post(f"{where}run/")
    run_newest()
    for page in (home, agreement):
        shown = client.get(page).content.decode()
        assert said in shown
        assert "did not declare that items and annotators were drawn at random" in shown
        assert f"{agreement}?design=all" in shown
    assert said not in client.get(agreement, {"design": "all"}).content.decode()


def test_ratings_that_were_declared_random_need_no_word(campaign, tmp_path, client):
    options = RatingsOptions(declared_random=True)
    path = write(tmp_path / "r.csv", good_rows(campaign))
    import_ratings(path=path, campaign=campaign, options=options)
    page = client.get(reverse("agreement", args=[campaign.slug])).content.decode()
    assert "not in these figures" not in page


def test_bad_rows_are_listed_and_cannot_be_imported(campaign, client, tmp_path):
    where = check(client, campaign, write(tmp_path / "r.csv", spoilt(campaign)))
    page = client.get(where).content.decode()
    assert "r.csv:2" in page
    assert "is outside the rubric" in page
    assert f"{where}run/" not in page


def test_an_edit_reward_data_folder_is_chosen_from_the_offered_ones(
    campaign, client, tmp_path, settings
):
    rows = [pair_row("a", 1, 2, {1: (4, 4), 2: (1, 2)})]
    folder = write_folder(tmp_path / "roots" / "erd", rows)
    settings.IMPORT_ROOTS = [str(tmp_path / "roots")]
    page = client.post(reverse("ratings-imports", args=[campaign.slug]), {"folder": str(folder)})
    run_newest()
    where = page.headers["Location"]
    assert "Import 1 rating" in client.get(where).content.decode()
    client.post(f"{where}run/")
    run_newest()
    assert campaign.collection.items.filter(external_id="a").exists()
    assert Rating.objects.count() == 1
