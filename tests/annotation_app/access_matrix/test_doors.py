"""Every address of the site, knocked at by everybody: who is let in is written down here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

EVERYONE = frozenset(
    {
        "annotator",
        "colleague",
        "researcher",
        "reviewer",
        "admin",
        "superuser",
        "outsider",
        "foreign admin",
    }
)
MEMBERS = EVERYONE - {"outsider", "foreign admin"}
SEE_RESULTS = frozenset({"researcher", "reviewer", "admin", "superuser"})
EXPORTERS = frozenset({"researcher", "admin", "superuser"})
ADMINS = frozenset({"admin", "superuser"})
REVIEWERS = frozenset({"reviewer", "admin", "superuser"})
RATERS = frozenset({"annotator", "colleague"})
OWNER = frozenset({"annotator"})

# door: who may enter. Every other person is sent to sign in, or told that there is nothing.
GUESTS: dict[str, frozenset[str]] = {
    "home": EVERYONE,
    "preferences": EVERYONE,
    "token-list": SEE_RESULTS | {"foreign admin"},
    "token-revoke": EVERYONE,  # only ever one's own
    "token-everyone": frozenset({"superuser"}),
    "account_email": EVERYONE,
    "set-language": EVERYONE | {"nobody"},
    "health": frozenset({"superuser"}),
    "job-list": EVERYONE,
    "job-detail": SEE_RESULTS,
    "job-cancel": ADMINS,
    "job-retry": ADMINS,
    "annotate": MEMBERS,  # who does not rate is told so
    "history": MEMBERS,
    "guideline": MEMBERS,
    "guideline-version": MEMBERS,
    "work-image": OWNER,
    "keys": EVERYONE,
    "campaign-home": SEE_RESULTS,
    "campaign-new": frozenset({"superuser"}),
    "campaign-setup": ADMINS,
    "campaign-plan": ADMINS,
    "campaign-state": ADMINS,
    "pilot": REVIEWERS,
    "guideline-versions": ADMINS,
    "guideline-changes": ADMINS,
    "guideline-new": ADMINS,
    "guideline-image-add": ADMINS,
    "guideline-image": MEMBERS,
    "thread-list": MEMBERS,
    "thread-own": OWNER,
    "thread-inbox": REVIEWERS,
    "thread-open": REVIEWERS,
    "thread-detail": REVIEWERS,
    "member-list": ADMINS,
    "member-change": ADMINS,
    "member-act": ADMINS,
    "member-tokens": ADMINS,
    "invite": ADMINS,
    "invitation-change": ADMINS,
    "invitation": EVERYONE | {"nobody"},  # whoever holds the link
    "workload": ADMINS,
    "payment-file": ADMINS,
    "pilot-start": ADMINS,
    "pilot-promote": ADMINS,
    "agreement": SEE_RESULTS,
    "agreement-chart": SEE_RESULTS,
    "agreement-freeze": SEE_RESULTS,
    "agreement-report": SEE_RESULTS,
    "report-list": SEE_RESULTS,
    "disagreements": SEE_RESULTS,
    "rater-list": SEE_RESULTS,
    "rater-panel": SEE_RESULTS,
    "rater-study": SEE_RESULTS,
    "disagreement-item": EXPORTERS,  # reviewers judge the item first
    "report-compare": SEE_RESULTS,
    "report-verify": SEE_RESULTS,
    "report-json": SEE_RESULTS,
    "report-pdf": SEE_RESULTS,
    "quality": SEE_RESULTS,
    "quality-rules": ADMINS,
    "gold-bank": REVIEWERS,
    "gold-edit": REVIEWERS,
    "gold-change": REVIEWERS,
    "lessons": REVIEWERS,
    "lesson-edit": REVIEWERS,
    "lesson-move": REVIEWERS,
    "lesson-remove": REVIEWERS,
    "rater-actions": REVIEWERS,
    "rater-act": REVIEWERS,
    "qualification-override": ADMINS,
    "release-undo": ADMINS,
    "note-read": OWNER,
    "training-feedback": OWNER,
    "qualification": MEMBERS,
    "outcomes": MEMBERS,
    "review": REVIEWERS,
    "review-claim": REVIEWERS,
    "review-rate": REVIEWERS,
    "review-decide": REVIEWERS,
    "flags": REVIEWERS,
    "flag-settle": REVIEWERS,
    "alert-list": ADMINS,
    "alert-mail": ADMINS,
    "alert-acknowledge": ADMINS,
    "webhook-list": ADMINS,
    "webhook-detail": ADMINS,
    "webhook-test": ADMINS,
    "webhook-delete": ADMINS,
    "dataset-list": SEE_RESULTS,
    "dataset-detail": SEE_RESULTS,
    "dataset-new": EXPORTERS,
    "dataset-cancel": ADMINS,
    "dataset-resume": ADMINS,
    "dataset-card": SEE_RESULTS,
    "dataset-compare": SEE_RESULTS,
    "dataset-diff": SEE_RESULTS,
    "dataset-splits": SEE_RESULTS,
    "dataset-archive": EXPORTERS,
    "dataset-checksums": EXPORTERS,
    "dataset-withdrawn": EXPORTERS,
    "dataset-file": EXPORTERS,
    "benchmark-list": SEE_RESULTS,
    "benchmark-new": EXPORTERS,
    "benchmark-detail": SEE_RESULTS,
    "benchmark-publish": ADMINS,
    "benchmark-file": EXPORTERS,
    "judge-upload": EXPORTERS,
    "judge-model": EXPORTERS,
    "judge-detail": SEE_RESULTS,
    "judge-remove": EXPORTERS,
    "judge-board-file": SEE_RESULTS,
    "generator-board": SEE_RESULTS,
    "generator-board-file": SEE_RESULTS,
    "dataset-push": EXPORTERS,
    "benchmark-push": EXPORTERS,
    "ranking-list": MEMBERS,
    "ranking-detail": OWNER,
    "ranking-image": OWNER,
    "ratings-imports": ADMINS,
    "ratings-import-report": ADMINS,
    "ratings-import-run": ADMINS,
    "ratings-import-release": ADMINS,
    "model-list": SEE_RESULTS,
    "model-detail": SEE_RESULTS,
    "model-file": SEE_RESULTS,
    "model-archive": EXPORTERS,
    "model-predict": EXPORTERS,
    "model-promote": ADMINS,
    "collection-list": EVERYONE,
    "collection-new": frozenset({"superuser"}),
    "collection-detail": SEE_RESULTS,
    "collection-item": SEE_RESULTS,
    "collection-item-withdraw": ADMINS,
    "collection-item-restore": ADMINS,
    "collection-external-sets": ADMINS,
    "collection-external-set-remove": ADMINS,
    "collection-import": ADMINS,
    "collection-import-report": ADMINS,
    "collection-import-run": ADMINS,
    "image": SEE_RESULTS,
    "image-thumbnail": SEE_RESULTS,
    "work-next": RATERS,
    "work-session": RATERS,
    "work-heartbeat": EVERYONE,
    "work-draft": OWNER,
    "work-submit": OWNER,
    "work-skip": OWNER,
    "work-release": OWNER,
    "work-flag": OWNER,
    "work-rating": OWNER,
    "work-keymap": EVERYONE,
    "earlier-docs": EVERYONE | {"nobody"},  # both only say where it is now
    "earlier-moved": EVERYONE | {"nobody"},
    "earlier-heartbeat": EVERYONE,
    "earlier-draft": OWNER,
    "earlier-submit": OWNER,
    "earlier-skip": OWNER,
    "earlier-flag": OWNER,
    "earlier-rating": OWNER,
    "api-schema": EVERYONE,
    "api-docs": EVERYONE,
    "api-campaigns": EVERYONE,
    "api-campaign": SEE_RESULTS,
    "api-scores": EXPORTERS,
    "api-agreement": SEE_RESULTS,
    "api-datasets": SEE_RESULTS,
    "api-dataset": SEE_RESULTS,
    "api-dataset-file": EXPORTERS,
    "api-dataset-withdrawn": SEE_RESULTS,
    "api-benchmarks": SEE_RESULTS,
    "api-benchmark": SEE_RESULTS,
    "api-benchmark-file": EXPORTERS,
    "api-judges": SEE_RESULTS,
    "api-generators": SEE_RESULTS,
    "api-models": SEE_RESULTS,
    "api-model-archive": EXPORTERS,
    "api-dataset-archive": EXPORTERS,
    "api-predictions": SEE_RESULTS - {"reviewer"},  # who may still judge what they tell of
    "api-job": SEE_RESULTS,
}
# These change things; the body is one that passes the parser.
BODIES: dict[str, tuple[str, dict[str, object]]] = {
    "set-language": ("post", {}),
    "token-revoke": ("post", {}),
    "job-cancel": ("post", {}),
    "job-retry": ("post", {}),
    "campaign-plan": ("post", {}),
    "pilot-start": ("post", {}),
    "thread-open": ("post", {}),
    "guideline-image-add": ("post", {}),
    "member-act": ("post", {"act": "pause", "reason": ""}),
    "member-tokens": ("post", {}),
    "invite": ("post", {}),
    "agreement-freeze": ("post", {}),
    "report-verify": ("post", {}),
    "rater-study": ("post", {}),
    "quality-rules": ("post", {"attempt_items": 0}),
    "gold-change": ("post", {"act": "use"}),
    "lesson-move": ("post", {"act": "up"}),
    "lesson-remove": ("post", {}),
    "rater-act": ("post", {"act": "message", "text": "Hello"}),
    "qualification-override": ("post", {"reason": ""}),
    "release-undo": ("post", {}),
    "note-read": ("post", {}),
    "review-claim": ("post", {"act": "return"}),
    "flag-settle": ("post", {"act": "resolved"}),
    "alert-mail": ("post", {"wanted": "no"}),
    "alert-acknowledge": ("post", {}),
    "webhook-test": ("post", {}),
    "dataset-cancel": ("post", {}),
    "dataset-resume": ("post", {}),
    "benchmark-publish": ("post", {}),
    "judge-upload": ("post", {}),
    "judge-model": ("post", {}),
    "judge-remove": ("post", {}),
    "ratings-import-run": ("post", {}),
    "ratings-import-release": ("post", {}),
    "model-predict": ("post", {}),
    "model-promote": ("post", {}),
    "collection-item-withdraw": ("post", {"ground": "", "reason": ""}),
    "collection-item-restore": ("post", {}),
    "collection-external-set-remove": ("post", {}),
    "collection-import-run": ("post", {}),
    "work-next": ("post", {}),
    "work-heartbeat": ("post", {"tokens": []}),
    "work-draft": ("put", {"draft": {}, "number": 1}),
    "work-submit": ("post", {}),
    "work-skip": ("post", {"reason": "too large"}),
    "work-release": ("post", {}),
    "work-flag": ("post", {"kind": "broken"}),
    "earlier-heartbeat": ("post", {"tokens": []}),
    "earlier-draft": ("put", {"draft": {}, "number": 1}),
    "earlier-submit": ("post", {}),
    "earlier-skip": ("post", {"reason": "too large"}),
    "earlier-flag": ("post", {"kind": "broken"}),
}
TOKEN_OF = {
    "image": "image",
    "image-thumbnail": "image",
    "invitation": "invitation-token",
    "ranking-detail": "ranking",
    "ranking-image": "ranking",
}
PUBLIC_ID_OF = {
    "agreement-report": "report",
    "report-verify": "report",
    "report-json": "report",
    "report-pdf": "report",
    "alert-acknowledge": "alert",
    "guideline-image": "guideline-image",
    "thread-detail": "thread",
    "judge-detail": "judge",
    "judge-remove": "judge",
    "ratings-import-report": "ratings-job",
    "ratings-import-run": "ratings-job",
    "ratings-import-release": "ratings-import",
    "webhook-detail": "webhook",
    "webhook-test": "webhook",
    "webhook-delete": "webhook",
}


def own_doors(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every named address of our own (allauth's and Django admin's have their own tests)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            module = getattr(entry.urlconf_name, "__name__", "")
            if module.startswith("annotation_app."):
                yield from own_doors(entry)
        else:
            yield entry


def address(door: URLPattern, names: dict[str, Any]) -> str:
    values = {}
    name = door.name or ""
    for part in door.pattern.converters:
        if part == "token":
            values[part] = names[TOKEN_OF.get(name, "lease")]
        elif part == "client_uuid" and name == "training-feedback":
            values[part] = names["training"]
        elif part == "public_id":
            values[part] = names[PUBLIC_ID_OF.get(name, "job")]
        elif part == "slug" and name.startswith("collection"):
            values[part] = names["collection"]
        else:
            values[part] = names[part]
    return reverse(name, kwargs=values)


def knock(client, name: str, where: str):
    method, body = BODIES.get(name, ("get", None))
    act = getattr(client, method)
    if body is None:
        answer = act(where)
        if answer.streaming:
            list(answer.streaming_content)  # the file is closed by reading it
        return answer
    if name.startswith(("work-", "earlier-")):
        return act(where, body, content_type="application/json")
    return act(where, body)


DOORS = {door.name: door for door in own_doors() if door.name}


def test_every_door_has_its_guest_list():
    assert set(DOORS) == set(GUESTS)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_lets_in_exactly_its_guests(name, scene, client):
    where = address(DOORS[name], scene.names)
    surprises = {}
    for person, user in scene.people.items():
        client.logout()
        if user is not None:
            client.force_login(user)
        answer = knock(client, name, where)
        to_login = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
        entered = not to_login and answer.status_code not in {401, 403, 404}
        assert answer.status_code < 500
        if entered != (person in GUESTS[name]):
            surprises[person] = answer.status_code
    assert surprises == {}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_what_changes_things_refuses_get(name, scene, client):
    client.force_login(scene.people["superuser"])
    assert client.get(address(DOORS[name], scene.names)).status_code in {403, 404, 405}


def test_no_answer_lacks_the_enforced_policy_and_nosniff(scene, client):
    client.force_login(scene.people["superuser"])
    for door in DOORS.values():
        if door.name in BODIES:
            continue
        answer = knock(client, door.name, address(door, scene.names))
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, door.name
        assert "unsafe-eval" not in policy, door.name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", door.name
