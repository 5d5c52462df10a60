import logging
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from typing_extensions import override

from annotation_app.enums import AuditVerb, BuildState
from annotation_app.exceptions import InvalidInputError, NotAllowedError
from annotation_app.models import AuditEvent, DatasetVersion, Job
from annotation_app.services.hub import pushing
from annotation_app.services.hub.client import HubTarget, HuggingFaceHub
from annotation_app.services.hub.pushing import (
    PushRequest,
    hub_client,
    hub_endpoints,
    push_dataset,
)
from tests.factories.fake_hub import FakeHub
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db

TOKEN = "hf_very-secret-token"  # noqa: S105 - the fake hub's


@pytest.fixture
def version():
    folder = Path(site.EXPORT_ROOT) / "pushed"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text("# Card\n")
    (folder / "data" / "train.json").write_text("[]")
    return DatasetVersion.objects.create(
        campaign=make_campaign(1, k=2),
        number=1,
        seed=0,
        state=BuildState.READY,
        folder="pushed",
        digest="d" * 64,
    )


@pytest.fixture
def hub(settings):
    with FakeHub() as running:
        settings.HUB_HOSTS = [running.address]
        yield running


def push(version, hub, **changes):
    values = {"endpoint": hub.address, "repository": "team/set", "token": TOKEN} | changes
    return push_dataset(
        version=version, request=PushRequest(**values), actor=make_user(), client=hub_client()
    )


def test_every_file_arrives_in_a_private_repository_with_the_given_token(version, hub):
    address = push(version, hub)
    assert address == f"{hub.address}/datasets/team/set/commit/abc"
    assert hub.files == {"README.md": b"# Card\n", "data/train.json": b"[]"}
    assert hub.created[0]["visibility"] == "private"
    assert hub.tokens == {f"Bearer {TOKEN}"}


def test_the_token_is_kept_nowhere(version, hub, caplog):
    caplog.set_level(logging.DEBUG)
    push(version, hub)
    event = AuditEvent.objects.get(verb=AuditVerb.PUSHED)
    assert event.data["repository"] == "team/set"
    assert TOKEN not in str(event.data)
    assert TOKEN not in caplog.text
    assert not Job.objects.exists()
    assert TOKEN not in repr(PushRequest(endpoint="", repository="", token=TOKEN))


def test_no_hub_is_offered_by_default(version):
    assert hub_endpoints() == []
    request = PushRequest(endpoint="https://huggingface.co", repository="a/b", token=TOKEN)
    with pytest.raises(NotAllowedError, match="HUB_HOSTS"):
        push_dataset(version=version, request=request, actor=None, client=hub_client())
    with pytest.raises(CommandError, match="Pushing is off"):
        call_command(
            "push_to_hub", campaign=version.campaign.name, dataset=1, repository="team/set"
        )


def test_a_plain_name_becomes_an_https_address(settings):
    settings.HUB_HOSTS = ["huggingface.co", "http://hub.internal:8080/"]
    assert hub_endpoints() == ["https://huggingface.co", "http://hub.internal:8080"]


# the library's own way of sending a large file
@pytest.mark.filterwarnings("ignore:Use 'content:DeprecationWarning")
def test_nothing_goes_to_a_host_that_is_not_listed(version, hub):
    hub.large = "data/train.json"
    with pytest.raises(NotAllowedError, match=r"storage\.invalid"):
        push(version, hub)
    assert hub.files == {}


@pytest.mark.filterwarnings("ignore:Use 'content:DeprecationWarning")
def test_a_push_that_ends_takes_no_fence_down_for_one_under_way(version, hub):
    folder = Path(site.EXPORT_ROOT) / version.folder

    class Slow(FakeHub):
        """Before it says how to upload, a whole other push begins and ends."""

        @override
        def answer(self, path, body):
            if path.endswith("/preupload/main"):
                other = HuggingFaceHub(frozenset({"127.0.0.1"}))
                goes = (folder, HubTarget(hub.address, "team/other", private=True), TOKEN)
                thread = Thread(target=other.push, args=goes)
                thread.start()
                thread.join()
            return super().answer(path, body)

    with Slow(large="data/train.json") as slow:
        client = HuggingFaceHub(frozenset({"127.0.0.1"}))
        with pytest.raises(NotAllowedError, match=r"storage\.invalid"):
            client.push(folder, HubTarget(slow.address, "team/set", private=True), TOKEN)
    assert set(hub.files) == {"README.md", "data/train.json"}
    assert slow.files == {}


def test_a_refusal_of_the_hub_is_told_without_the_token(version, hub):
    hub.refuses = True
    with pytest.raises(InvalidInputError, match="The hub refused") as caught:
        push(version, hub)
    assert TOKEN not in caught.value.message
    assert not AuditEvent.objects.filter(verb=AuditVerb.PUSHED).exists()


@pytest.mark.parametrize("changes", [{"repository": "no-owner"}, {"token": " "}])
def test_what_is_incomplete_is_refused_before_anything_is_sent(version, hub, changes):
    with pytest.raises(InvalidInputError):
        push(version, hub, **changes)
    assert hub.tokens == set()


def test_a_large_folder_is_left_to_the_command(version, hub, monkeypatch, capsys):
    monkeypatch.setattr(pushing, "LARGEST_FROM_PAGE", 3)
    with pytest.raises(InvalidInputError, match="push_to_hub"):
        push(version, hub, from_page=True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: TOKEN)
    call_command("push_to_hub", campaign=version.campaign.name, dataset=1, repository="team/set")
    assert set(hub.files) == {"README.md", "data/train.json"}
    assert TOKEN not in capsys.readouterr().out


def test_a_version_touched_by_a_withdrawal_is_not_pushed(version, hub):
    version.rebuildable = False
    with pytest.raises(InvalidInputError, match="withdrawn"):
        push(version, hub)
