"""Near matches across splits: listed for people to look at, or chosen as ties."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from analytics.splits.leaks import (
    HashedImage,
    LeakReport,
    leak_report,
    near_images,
    normalised_instruction,
)
from annotation_app.selectors.snapshots.split_facts import SplitFacts

LISTED = 200  # of each kind of match; the counts are always of all
# A difference hash that this many pictures share says "flat picture", not "same picture".
UNSPECIFIC = 50


def leak_facts(facts: Mapping[str, SplitFacts], split_of: Mapping[str, str]) -> dict[str, Any]:
    """The leak report as JSON: exact ties, near source images, equal instructions."""
    images, unspecific = _images(facts)
    report = leak_report(
        {name: one.keys for name, one in facts.items()},
        split_of,
        images,
        {name: one.instruction for name, one in facts.items()},
    )
    return _as_json(report) | {"unspecific_image_hashes": unspecific}


def near_pairs(facts: Mapping[str, SplitFacts]) -> list[tuple[str, str]]:
    """Pairs of items whose source images nearly match."""
    images, _ = _images(facts)
    each_alone = {name: name for name in facts}
    return [(near.one.item_id, near.two.item_id) for near in near_images(images, each_alone)]


def same_instruction_pairs(facts: Mapping[str, SplitFacts]) -> list[tuple[str, str]]:
    """Pairs that chain all items of one instruction, spelling aside."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, one in facts.items():
        groups[normalised_instruction(one.instruction)].append(name)
    return [pair for names in groups.values() for pair in pairwise(names)]


def _images(facts: Mapping[str, SplitFacts]) -> tuple[list[HashedImage], int]:
    """One entry per different source picture (equal ones are tied anyway)."""
    first: dict[str, HashedImage] = {}
    for name, one in facts.items():
        first.setdefault(one.source_sha, HashedImage(name, one.source_sha, one.source_hash))
    common = Counter(image.perceptual_hash for image in first.values())
    vague = {value for value, count in common.items() if count > UNSPECIFIC}
    return [one for one in first.values() if one.perceptual_hash not in vague], len(vague)


def _as_json(report: LeakReport) -> dict[str, Any]:
    return {
        "exact": {"count": len(report.exact), "listed": list(report.exact[:LISTED])},
        "images": {
            "count": len(report.images),
            "listed": [
                {"items": [near.one.item_id, near.two.item_id], "bits": near.distance}
                for near in report.images[:LISTED]
            ],
        },
        "instructions": {
            "count": len(report.instructions),
            "listed": [
                {
                    "instruction": shared.instruction,
                    "items_by_split": {
                        name: list(ids[:5]) for name, ids in shared.items_by_split.items()
                    },
                }
                for shared in report.instructions[:LISTED]
            ],
        },
    }
