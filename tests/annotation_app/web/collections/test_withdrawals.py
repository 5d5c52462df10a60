"""Withdrawing items and listing external sets on the pages of a collection."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotation_app.enums import JobKind, JobState
from annotation_app.models import ExternalSet, Item, Job, Withdrawal
from tests.factories.running import run_here

pytestmark = pytest.mark.django_db


def where(name, item):
    return reverse(name, args=[item.collection.slug, item.pk])


def test_an_admin_withdraws_an_item_and_undoes_it(collection, as_person):
    carl, item = as_person("carl"), Item.objects.first()
    page = carl.get(where("collection-item", item)).content.decode()
    assert "Withdraw this item" in page
    carl.post(
        where("collection-item-withdraw", item),
        {"ground": "privacy", "reason": "A number plate <b>"},
    )
    page = carl.get(where("collection-item", item)).content.decode()
    assert 'Withdrawn: <span class="lines">A number plate &lt;b&gt;' in page
    assert "A person&#x27;s privacy" in page
    listed = carl.get(reverse("collection-detail", args=[collection.slug])).content.decode()
    assert "withdrawn" in listed
    carl.post(where("collection-item-restore", item))
    page = carl.get(where("collection-item", item)).content.decode()
    assert "Withdraw this item" in page
    assert "undone" in page
    [past] = Withdrawal.objects.all()
    assert (past.withdrawn_by.username, past.restored_by.username) == ("carl", "carl")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"ground": "", "reason": "x"}, "Choose a reason"),
        ({"ground": "theft", "reason": "x"}, "Choose a reason"),
        ({"ground": "licence", "reason": " "}, "Give a reason of at most 500 characters"),
    ],
)
def test_a_withdrawal_without_ground_or_reason_is_refused(collection, as_person, answers, said):
    item = Item.objects.first()
    page = as_person("carl").post(where("collection-item-withdraw", item), answers, follow=True)
    assert said in page.content.decode()
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("person", ["rita", "resi", "anna", "zoe"])
def test_who_does_not_manage_the_collection_withdraws_nothing(collection, as_person, person):
    item = Item.objects.first()
    values = {"ground": "licence", "reason": "x"}
    answer = as_person(person).post(where("collection-item-withdraw", item), values)
    assert answer.status_code == 404
    assert (
        "Withdraw this item"
        not in as_person("rita").get(where("collection-item", item)).content.decode()
    )


def test_a_researcher_no_longer_sees_the_images_of_a_withdrawn_item(collection, as_person):
    item = Item.objects.first()
    image = reverse("image", args=[item.source_image.token])
    resi = as_person("resi")
    assert status(resi, image) == 200
    values = {"ground": "licence", "reason": "x"}
    as_person("carl").post(where("collection-item-withdraw", item), values)
    others = Item.objects.exclude(pk=item.pk).filter(source_image=item.source_image)
    assert status(resi, image) == (200 if others.exists() else 404)


def status(client, address):
    answer = client.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # the file is closed by reading it
    return answer.status_code


def upload(client, collection, name, text):
    file = SimpleUploadedFile("hashes.txt", text.encode())
    where = reverse("collection-external-sets", args=[collection.slug])
    asked = client.post(where, {"name": name, "file": file})
    if asked.status_code != 302:
        return asked
    job = Job.objects.latest("pk")
    assert asked["Location"] == reverse("job-detail", args=[job.public_id])
    run_here(job)
    return client.get(job.result.get("url", asked["Location"]))


def test_a_list_of_hashes_is_uploaded_shown_with_what_it_keeps_out_and_removed(
    collection, as_person
):
    carl = as_person("carl")
    shas = Item.objects.values_list("source_image__pixel_sha256", flat=True).distinct()
    page = upload(carl, collection, "GEdit", "\n".join([*shas, "0" * 64])).content.decode()
    assert "GEdit" in page
    added = ExternalSet.objects.get()
    assert len(added.hashes) == len(set(shas)) + 1
    assert f'<td class="number">{Item.objects.count()}</td>' in page
    page = upload(carl, collection, "GEdit", "0" * 64).content.decode()
    assert "A set named “GEdit” already exists" in page
    where = reverse("collection-external-set-remove", args=[collection.slug, added.pk])
    assert as_person("resi").post(where).status_code == 404
    carl.post(where)
    assert not ExternalSet.objects.exists()


def test_a_file_that_is_no_list_is_refused_with_its_lines(collection, as_person):
    page = upload(as_person("carl"), collection, "Bad", "one\ntwo\n").content.decode()
    assert "Line 1, 2: not a SHA-256 hash" in page
    assert not ExternalSet.objects.exists()


def test_a_list_is_read_by_a_job_that_may_run_twice_and_never_by_the_page(
    collection, as_person, monkeypatch
):
    where = reverse("collection-external-sets", args=[collection.slug])

    def ask():
        file = SimpleUploadedFile("hashes.sha256", b"0" * 64 + b"  picture.png")
        return as_person("carl").post(where, {"name": "GEdit", "file": file})

    ask()
    job = Job.objects.get(kind=JobKind.IMPORT_EXTERNAL_SET)
    assert not ExternalSet.objects.exists()
    assert "already queued or running" in ask().content.decode()

    def die(_name: str) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("annotation_app.services.collections.external_set_jobs.remove_staged", die)
        with pytest.raises(MemoryError):  # killed after the set was kept
            run_here(job)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    assert run_here(job).state == JobState.SUCCEEDED
    assert ExternalSet.objects.get().hashes == ["0" * 64]
    page = as_person("carl").get(reverse("job-detail", args=[job.public_id])).content.decode()
    assert where in page
    assert "Images listed" in page
    for stranger in ("anna", "zoe", "rita"):
        answer = as_person(stranger).get(reverse("job-detail", args=[job.public_id]))
        assert answer.status_code == 404
