"""Is an imported item the same as the row that comes again?"""

from collections.abc import Sequence

from analytics.tabular.rows import RowProblem
from annotation_app.models import Candidate, Collection, Item
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.importing.resolving import ResolvedImage
from annotation_app.services.collections.importing.rows import ITEM_TEXTS, CandidateRow, ItemRow


def imported_items(collection: Collection | None, item_ids: Sequence[str]) -> dict[str, Item]:
    """The items of a collection with these ids, with all that a comparison needs."""
    if collection is None:
        return {}
    items = (
        Item.objects.filter(collection=collection, external_id__in=item_ids)
        .select_related("source_image")
        .prefetch_related("candidates__image", "candidates__generator")
    )
    return {item.external_id: item for item in items}


def find_conflict(item: Item, row: ItemRow, images: Sequence[ResolvedImage]) -> RowProblem | None:
    """Name what a row would change in an imported item; None if it changes no value."""
    changes = _changes(item, row, images)
    if not changes:
        return None
    return RowProblem(
        file=row.file,
        line=row.line,
        item_id=row.item_id,
        field=changes[0],
        code=ProblemCode.CONFLICT,
        reason=(
            f"The imported item differs in {', '.join(changes)}. The stored item was not changed."
        ),
        remedy="Give the changed item a new id, or import it into a new collection.",
    )


def _changes(item: Item, row: ItemRow, images: Sequence[ResolvedImage]) -> list[str]:
    changes = [name for name in ITEM_TEXTS if getattr(item, name) != row.texts[name]]
    if item.metadata != row.metadata:
        changes.append("metadata")
    if item.source_image.pixel_sha256 != images[0].pixel_sha256:
        changes.append("source_image")
    stored = {candidate.external_id: candidate for candidate in item.candidates.all()}
    if set(stored) != {candidate.candidate_id for candidate in row.candidates}:
        return [*changes, "candidates"]
    for candidate, image in zip(row.candidates, images[1:], strict=True):
        changes += _candidate_changes(stored[candidate.candidate_id], candidate, image)
    return changes


def _candidate_changes(
    stored: Candidate, candidate: CandidateRow, image: ResolvedImage
) -> list[str]:
    pairs = (
        ("model", stored.generator.name, candidate.model),
        ("seed", stored.seed, candidate.seed),
        ("metadata", stored.metadata, candidate.metadata),
        ("image", stored.image.pixel_sha256, image.pixel_sha256),
    )
    return [f"{name} of {stored.external_id}" for name, old, new in pairs if old != new]
