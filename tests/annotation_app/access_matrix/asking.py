"""What people send in earnest: bodies that the pages' own forms would send."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from annotation_app.models import GoldItem, RewardModelVersion

Names = dict[str, Any]
Body = dict[str, object]


@dataclass(frozen=True)
class Asking:
    """A request beside the plain knock.

    Attributes:
        door: the address it goes to.
        said: what it asks for; with the door it names a row of the table.
        body: sent by POST; None: a GET.
        named: parts of the address that are others than usual, by the scene's names.
        as_json: the body is sent as JSON.
    """

    door: str
    said: str
    body: Callable[[Names], Body] | None = None
    named: dict[str, str] = field(default_factory=dict)
    as_json: bool = False


def _just(**body: object) -> Callable[[Names], Body]:
    return lambda _names: dict(body)


def _table(field_name: str, /, **more: object) -> Callable[[Names], Body]:
    def body(_names: Names) -> Body:
        return {field_name: SimpleUploadedFile("table.csv", b"item_id,score\na,1\n"), **more}

    return body


def _right_scores(_names: Names) -> Body:
    scores = GoldItem.objects.get().scores.values_list("candidate_id", "dimension__key", "level")
    levels = {f"level-{candidate}-{key}": level for candidate, key, level in scores}
    reasons = {f"text-{key}-": "As the guideline says" for _candidate, key, _level in scores}
    return {"tolerance": "1", **levels, **reasons}


def _lesson(_names: Names) -> Body:
    return {"title": "Next", "introduction": "", "examples": [GoldItem.objects.get().pk]}


def _model(_names: Names) -> Body:
    return {"model": RewardModelVersion.objects.get().pk}


def _training(_names: Names) -> Body:
    return {"dataset": RewardModelVersion.objects.get().dataset_id, "epochs": 1, "seed": 0}


PUSH = _just(endpoint="https://hub.example.org", repository="us/pairs", token="t")  # noqa: S106
ASKED = (
    Asking("api-datasets", "build", _just(formats=["trl"]), as_json=True),
    Asking("api-job", "failed", named={"public_id": "failed"}),
    Asking("api-judges", "file", _table("file", name="Mine")),
    Asking("benchmark-push", "token", PUSH),
    Asking("collection-import", "file", _table("upload")),
    Asking("collection-item-withdraw", "reason", _just(ground="defect", reason="Blurred")),
    Asking("dataset-push", "token", PUSH),
    Asking("flag-settle", "withdraw", _just(act="withdrawn", text="Blurred")),
    Asking("gold-change", "adopt", _just(act="adopt")),
    Asking("gold-change", "retire", _just(act="retire")),
    Asking("gold-edit", "scores", _right_scores),
    Asking("invite", "address", _just(addresses="new@example.org", role="annotator")),
    Asking("job-detail", "failed", named={"public_id": "failed"}),
    Asking("judge-model", "model", _model),
    Asking("judge-upload", "file", _table("file", name="Mine")),
    Asking("lesson-edit", "title", _lesson),
    Asking("model-list", "train", _training),
    Asking("ratings-import-release", "reason", _just(reason="Twice")),
    Asking("ratings-imports", "file", _table("upload")),
    Asking("review-claim", "claim", _just(act="claim")),
    Asking("review-claim", "reopen", _just(act="reopen"), named={"case": "decided"}),
    Asking("review-decide", "note", _just(note="So be it")),
    Asking("thread-detail", "settle", _just(act="settle")),
)
