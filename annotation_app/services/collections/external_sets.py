"""Lists of images by hash that no training data may hold: read from a file, kept, removed."""

import re
from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Benchmark, Collection, ExternalSet, User
from annotation_app.services.audit.events import record_event

MOST_HASHES = 500_000
LARGEST = 64 << 20  # bytes of a list
NAME_LENGTH = 200
SHOWN = 5  # wrong lines that the message names
# A hash alone, or as `sha256sum` writes it, with the file's name behind.
LINE = re.compile(r"([0-9a-fA-F]{64})(?:\s.*)?")


def read_hashes(lines: Iterable[str]) -> list[str]:
    """The hashes of a list, one per line, without repeats; empty lines and # comments are skipped.

    Raises:
        InvalidInputError: if a line is not a sha256, or there are none or too many.
    """
    found: dict[str, None] = {}
    wrong: list[str] = []
    for number, text in _content(lines):
        match = LINE.fullmatch(text)
        if match is None and len(wrong) > SHOWN:
            continue
        if match is None:
            wrong.append(str(number))
        else:
            found[match[1].lower()] = None
        if len(found) > MOST_HASHES:
            break
    if wrong:
        raise InvalidInputError(
            _(
                "Line %(lines)s: not a SHA-256 hash. Write one hash of 64 hexadecimal "
                "digits per line, of the decoded pixels or of the whole file."
            )
            % {"lines": ", ".join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")},
            lines=wrong[:SHOWN],
        )
    if not 1 <= len(found) <= MOST_HASHES:
        raise InvalidInputError(
            _("A list must have 1 to %(most)s hashes.") % {"most": f"{MOST_HASHES:,}"}
        )
    return sorted(found)


def check_name(*, collection: Collection, name: str) -> str:
    """The name as it will be kept.

    Raises:
        InvalidInputError: if it is empty or too long.
        ConflictError: if the collection has a set of that name.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise InvalidInputError(
            _("The name of a set must have 1 to %(most)s characters.") % {"most": NAME_LENGTH}
        )
    if ExternalSet.objects.filter(collection=collection, name=name).exists():
        raise _taken(name)
    return name


def add_external_set(
    *, collection: Collection, name: str, hashes: list[str], actor: User | None
) -> ExternalSet:
    """Keep a list: from the next snapshot on, items that show one of its images are excluded.

    Raises:
        InvalidInputError: if the name is empty or too long.
        ConflictError: if the collection has a set of that name.
    """
    name = check_name(collection=collection, name=name)
    try:
        with transaction.atomic():
            added = ExternalSet.objects.create(
                collection=collection, name=name, hashes=hashes, created_by=actor
            )
            _record(AuditVerb.CREATED, added, actor)
    except IntegrityError as error:
        raise _taken(name) from error
    return added


def remove_external_set(*, external_set: ExternalSet, actor: User | None) -> None:
    """Forget a list: items that it alone kept out may be released again.

    Raises:
        ConflictError: if it guards a benchmark.
    """
    if Benchmark.objects.filter(external_set=external_set).exists():
        raise ConflictError(
            _(
                "This set keeps a benchmark's images out of training and cannot be removed "
                "while the benchmark exists."
            )
        )
    with transaction.atomic():
        _record(AuditVerb.RELEASED, external_set, actor)
        external_set.delete()


def _taken(name: str) -> ConflictError:
    return ConflictError(
        _("A set named “%(name)s” already exists. Choose another name.") % {"name": name}
    )


def _content(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")
        if text and not text.startswith("#"):
            yield number, text


def _record(verb: AuditVerb, external_set: ExternalSet, actor: User | None) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="external_set",
        object_id=external_set.pk,
        data={
            "name": external_set.name,
            "collection": external_set.collection_id,
            "hashes": len(external_set.hashes),
        },
    )
