"""Everything an annotator can get, read letter by letter for what they must not learn."""

import json
import re
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image as Picture

from annotation_app.enums import BuildState, PriorityStrategy
from annotation_app.models import (
    Campaign,
    Candidate,
    Image,
    Prediction,
    RewardModelVersion,
    Task,
)
from annotation_app.services.campaigns.creation import set_overlap_plan
from annotation_app.services.campaigns.planning import plan_campaign
from tests.factories.world import make_annotators

pytestmark = pytest.mark.django_db

GENERATORS = ("Leakonardo-XL", "Kontextual-7B", "Bageline")
SEED = 7_430_912
CAMERA = "LEAKCAM 9000"
PREDICTED = 2.718281
NAME = "holiday-of-anna"
LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)"')
NOT_FOLLOWED = ("/static/", "/accounts/", "/admin/")


@pytest.fixture
def folder(tmp_path):
    exif = Picture.Exif()
    exif[0x010F] = CAMERA
    rows = []
    for item in range(3):
        names = [f"{NAME}-{item}-source.jpg"]
        candidates = []
        for place, generator in enumerate(GENERATORS):
            names.append(f"{NAME}-{item}-{generator}.jpg")
            candidates.append(
                {
                    "candidate_id": f"{NAME}-{item}-{place}",
                    "model": generator,
                    "seed": SEED + place,
                    "image": names[-1],
                }
            )
        for place, name in enumerate(names):
            picture = Picture.new("RGB", (24, 16), (60 * place, 40 * item, 90))
            picture.save(tmp_path / name, exif=exif)
        rows.append(
            {
                "item_id": f"{NAME}-{item}",
                "instruction": f"Paint number {item} green.",
                "source_image": names[0],
                "source_dataset": "secretly-scraped",
                "candidates": candidates,
                "photographer": "Anna Leak",
            }
        )
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path


@pytest.fixture
def campaign(folder):
    call_command("import_items", folder, collection="Leaky", campaign="Leaky", progress=False)
    campaign = Campaign.objects.get(name="Leaky")
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=2, overlap_share=0.0, overlap_ratings=2
    )
    plan_campaign(campaign=campaign)
    model = RewardModelVersion.objects.create(
        campaign=campaign, number=1, rubric=campaign.rubric, backbone="compact",
        state=BuildState.READY,
    )  # fmt: skip
    for candidate in Candidate.objects.all():
        Prediction.objects.create(
            model=model, candidate=candidate, means=[PREDICTED, PREDICTED],
            deviations=[PREDICTED, PREDICTED], overall_mean=PREDICTED,
            overall_deviation=PREDICTED, epistemic=PREDICTED,
        )  # fmt: skip
    Task.objects.update(
        priority=PREDICTED, priority_model=model, priority_strategy=PriorityStrategy.BALD
    )
    return campaign


def forbidden_words():
    words = [*GENERATORS, CAMERA, NAME, "secretly-scraped", "Anna Leak", str(PREDICTED), "2.718"]
    words += [str(SEED + place) for place in range(3)]
    words += ["bald", "priority", "generator", "in_overlap", "reserved"]
    for image in Image.objects.all():
        words += [image.file, image.thumbnail, image.pixel_sha256]
    return [word.lower() for word in words if word]


class Crawler:
    """Asks for everything and keeps every answer."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.answers = {}

    def ask(self, method, url, body=None):
        if body is None:
            answer = getattr(self.client, method)(url)
        else:
            answer = getattr(self.client, method)(url, body, content_type="application/json")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.answers[method, url, len(self.answers)] = (dict(answer.headers), content)
        return answer, content

    def crawl(self, start):
        seen, waiting = set(), [start]
        while waiting:
            url = waiting.pop()
            if url in seen or url.startswith(NOT_FOLLOWED):
                continue
            seen.add(url)
            _, content = self.ask("get", url)
            text = content.decode("utf-8", "replace")
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(text)]
            waiting += re.findall(r"/work/[0-9a-f-]{36}/image/\d+", text)
        return seen


def rate_all(crawler, campaign):
    """Go through everything that the page itself would ask for."""
    for turn in range(3):
        _, content = crawler.ask("post", f"/api/v1/work/campaigns/{campaign.slug}/next", {})
        work = json.loads(content)
        lease = f"/api/v1/work/leases/{work['token']}"
        crawler.crawl(work["source"]["url"])
        for candidate in work["candidates"]:
            crawler.crawl(candidate["url"])
        crawler.ask("put", f"{lease}/draft", {"draft": {"scores": {}}, "number": 1})
        crawler.ask("post", "/api/v1/work/heartbeat", {"tokens": [work["token"]]})
        crawler.ask("post", f"{lease}/flag", {"kind": "unsafe"})
        body = {
            "client_uuid": str(uuid4()),
            "seconds": 9,
            "scores": [
                {"position": place, "dimension": dimension, "level": 1 + turn}
                for place in (1, 2, 3)
                for dimension in ("if", "vq")
            ],
        }
        crawler.ask("post", f"{lease}/submit", body | {"scores": body["scores"][1:]})
        crawler.ask("post", f"{lease}/submit", body)
        crawler.ask("post", f"{lease}/submit", body | {"client_uuid": str(uuid4())})
        crawler.ask("get", f"/api/v1/work/ratings/{body['client_uuid']}")
        crawler.crawl(f"/campaigns/{campaign.slug}/work/")
        crawler.crawl(f"/campaigns/{campaign.slug}/history/")
        crawler.ask("get", f"/api/v1/work/campaigns/{campaign.slug}/session")
    crawler.ask("post", f"/api/v1/work/campaigns/{campaign.slug}/next", {})


def test_nothing_that_an_annotator_can_get_names_or_ranks_an_edit(campaign):
    ann, ben = make_annotators(campaign, 2)
    first = Crawler(ben)
    rate_all(first, campaign)  # so that there are ratings of another person to be seen
    crawler = Crawler(ann)
    seen = crawler.crawl("/")
    assert f"/campaigns/{campaign.slug}/work/" in seen
    rate_all(crawler, campaign)
    for hidden in (
        f"/campaigns/{campaign.slug}/",
        f"/campaigns/{campaign.slug}/agreement/",
        f"/campaigns/{campaign.slug}/datasets/",
        f"/api/v1/campaigns/{campaign.slug}/scores/",
        f"/api/v1/campaigns/{campaign.slug}/",
        "/api/v1/campaigns/",
    ):
        crawler.crawl(hidden)

    words = forbidden_words()
    assert len(crawler.answers) > 60
    for (method, url, _), (headers, content) in crawler.answers.items():
        said = (url + repr(headers)).lower() + content.decode("latin-1").lower()
        found = [word for word in words if word in said]
        assert not found, (method, url, found)


def test_no_header_tells_one_candidate_from_another(campaign):
    [ann] = make_annotators(campaign, 1)
    crawler = Crawler(ann)
    _, content = crawler.ask("post", f"/api/v1/work/campaigns/{campaign.slug}/next", {})
    heads = []
    for candidate in json.loads(content)["candidates"]:
        answer, _ = crawler.ask("get", candidate["url"])
        heads.append({k: v for k, v in answer.headers.items() if k != "Content-Length"})
    assert heads[0] == heads[1] == heads[2]
    assert not {"ETag", "Last-Modified", "Date"} & set(heads[0])


def test_images_carry_no_metadata(campaign):
    [ann] = make_annotators(campaign, 1)
    crawler = Crawler(ann)
    _, content = crawler.ask("post", f"/api/v1/work/campaigns/{campaign.slug}/next", {})
    for candidate in json.loads(content)["candidates"]:
        _, picture = crawler.ask("get", candidate["url"])
        chunks = {picture[at : at + 4] for at in range(12, len(picture) - 4)}
        assert not {b"EXIF", b"XMP ", b"ICCP"} & chunks
