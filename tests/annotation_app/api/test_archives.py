"""A whole dataset version and a whole model, each in one request with a token and nothing else."""

import io
import tarfile

import pytest
from django.test import Client

from annotation_app.enums import BuildState, Role
from annotation_app.models import DatasetVersion, RewardModelVersion
from annotation_app.services.people.members import add_member
from annotation_app.services.people.tokens import create_token, revoke_tokens
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


@pytest.fixture
def researcher(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.RESEARCHER)
    return user


@pytest.fixture
def program(researcher):
    text = create_token(user=researcher, days=7).text
    return Client(headers={"authorization": f"Token {text}"})


@pytest.fixture
def dataset(campaign, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    (folder / "train.json").write_text("[1]")
    (folder / "left-over.tmp").write_text("half")
    return DatasetVersion.objects.create(
        campaign=campaign,
        number=1,
        seed=0,
        state=BuildState.READY,
        folder="v1",
        digest="d",
        manifest={"files": {"train.json": {"bytes": 3, "sha256": ""}}},
    )


@pytest.fixture
def model(campaign, settings, tmp_path):
    settings.MODEL_ROOT = tmp_path
    folder = tmp_path / "m1" / "assets"
    folder.mkdir(parents=True)
    (folder / "tokens.json").write_text("{}")
    (tmp_path / "m1" / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "m1" / "secret").symlink_to("/etc/hostname")
    return RewardModelVersion.objects.create(
        campaign=campaign,
        rubric=campaign.rubric,
        number=1,
        backbone="compact",
        state=BuildState.READY,
        folder="m1",
        weights_sha256="ab",
    )


def members(answer):
    assert answer.status_code == 200
    with tarfile.open(fileobj=io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive.getmembers()}


@pytest.mark.parametrize("root", ["", "/api/v1"])
def test_a_dataset_version_comes_in_one_request_from_its_page_and_from_the_api(
    program, campaign, dataset, root
):
    found = members(program.get(f"{root}/campaigns/{campaign.slug}/datasets/1/archive.tar"))
    assert found[f"{campaign.slug}-v1/train.json"] == b"[1]"
    assert f"{campaign.slug}-v1/withdrawn.json" in found
    assert not any("left-over" in name for name in found)
    DatasetVersion.objects.update(state=BuildState.BUILDING)
    gone = program.get(f"{root}/campaigns/{campaign.slug}/datasets/1/archive.tar")
    assert gone.status_code == 404


@pytest.mark.parametrize("root", ["", "/api/v1"])
def test_a_model_comes_in_one_request_with_its_weights_and_nothing_from_elsewhere(
    program, campaign, model, root
):
    where = f"{root}/campaigns/{campaign.slug}/models/1/archive.tar"
    found = members(program.get(where))
    top = f"{campaign.slug}-model-1"
    assert found == {f"{top}/assets/tokens.json": b"{}", f"{top}/model.safetensors": b"weights"}
    part = program.get(where, headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(b"".join(part.streaming_content))) == (206, 100)


def test_the_other_downloads_of_a_version_take_a_token_too(program, campaign, dataset):
    for name in ("SHA256SUMS", "withdrawn.json", "files/train.json"):
        answer = program.get(f"/campaigns/{campaign.slug}/datasets/1/{name}")
        assert answer.status_code == 200, name


@pytest.mark.parametrize("root", ["", "/api/v1"])
def test_an_ended_invented_or_broken_token_is_refused_and_a_browser_is_asked_to_sign_in(
    program, researcher, campaign, dataset, root
):
    where = f"{root}/campaigns/{campaign.slug}/datasets/1/archive.tar"
    revoke_tokens(user=researcher, actor=researcher)
    assert program.get(where).status_code == 401
    for text in ("Token", "Token not-there", "Token two words", "Token \xff\xfe"):
        assert Client().get(where, headers={"Authorization": text}).status_code == 401, text
    asked = Client().get(where)
    assert asked.status_code == (401 if root else 302)


def test_who_may_not_export_gets_neither_and_no_token_opens_other_pages(campaign, dataset, model):
    reviewer = make_user()
    add_member(actor=None, campaign=campaign, user=reviewer, role=Role.REVIEWER)
    text = create_token(user=reviewer, days=7).text
    client = Client(headers={"authorization": f"Token {text}"})
    for root in ("", "/api/v1"):
        for kind in ("datasets", "models"):
            where = f"{root}/campaigns/{campaign.slug}/{kind}/1/archive.tar"
            assert client.get(where).status_code == 404
    assert client.get(f"/campaigns/{campaign.slug}/").status_code == 302
    assert client.get("/preferences/tokens/").status_code == 302


def test_the_models_page_offers_the_download_to_those_who_may(campaign, model, researcher):
    client = Client()
    client.force_login(researcher)
    page = client.get(f"/campaigns/{campaign.slug}/models/1/").content.decode()
    assert f"/campaigns/{campaign.slug}/models/1/archive.tar" in page
