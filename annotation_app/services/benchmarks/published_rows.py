"""A benchmark's groups as EditReward-Bench writes them: one JSON row a group, one row a pair."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from string import ascii_uppercase
from typing import Any

import pyarrow as pa

from analytics.benchmark.orders import HumanOrder, format_order
from annotation_app.services.benchmarks.groups import CALIBRATION, order_from_json
from annotation_app.services.exports.images import ImageExporter
from annotation_app.services.exports.parquet import IMAGE, ImageCells, features_schema
from annotation_app.services.exports.rows import number

# the published names of the first two dimensions; others are named by their key
PUBLISHED_NAMES = {"if": "instruction_following", "vq": "visual_quality"}

Group = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Turns groups into rows.

    Attributes:
        names: the rubric's dimensions in order.
        pseudonyms: of the raters, by account.
        shelf: gives every image its path.
        cells: the image columns of the Parquet twin.
    """

    names: tuple[str, ...]
    pseudonyms: Mapping[int, str]
    shelf: ImageExporter
    cells: ImageCells

    def group_row(self, group: Group) -> dict[str, Any]:
        """The JSON row of a group."""
        dataset = f"{len(group['candidates'])}pair"
        return {
            "id": group["group_id"],
            "instruction": group["instruction"],
            "prompt": group["instruction"],
            "dataset": CALIBRATION if group["part"] == CALIBRATION else dataset,
            "item_id": group["item_id"],
            "category": group["category"],
            "source_dataset": group["source_dataset"],
            "licence": group["licence"],
            "path_src": self.shelf.place(group["source_image"]),
            "paths_generated": [self.shelf.place(one["image"]) for one in group["candidates"]],
            "human_vote": {
                "ranking": format_order(order_from_json(group)),
                "label_source": group["label_source"],
            },
            "candidates": [
                self._candidate(letter, one, group)
                for letter, one in zip(ascii_uppercase, group["candidates"], strict=False)
            ],
        }

    def pair_rows(self, group: Group) -> Iterator[tuple[dict[str, Any], int]]:
        """The Parquet rows of a group, one per pair of letters, with the bytes of their images."""
        source = group["source_image"]
        order = order_from_json(group)
        pairs = combinations(enumerate(group["candidates"]), 2)
        for (i, one), (j, two) in pairs:
            letters = f"{ascii_uppercase[i]}vs{ascii_uppercase[j]}"
            sides = {**self._side("1", one), **self._side("2", two)}
            row = {
                "id": f"{group['group_id']}_{letters}",
                "instruction": group["instruction"],
                "dataset": f"{len(group['candidates'])}pair",
                "ranking": format_order(_pair_order(order, i, j)),
                "comparison_type": letters,
                "source_image": self.cells.cell(source, self.shelf.place(source)),
                **sides,
            }
            yield row, self.cells.weight(source, one["image"], two["image"])

    def schema(self) -> pa.Schema:
        """The columns of the Parquet twin."""
        texts = ("id", "instruction", "dataset", "ranking", "comparison_type")
        fields: dict[str, pa.DataType] = dict.fromkeys(texts, pa.string())
        fields["source_image"] = IMAGE
        for side in ("1", "2"):
            fields |= {f"candidate_{side}": IMAGE, f"model_{side}": pa.string()}
            fields[f"overall_score_{side}"] = pa.float64()
            fields |= {f"{_published(name)}_{side}": pa.float64() for name in self.names}
        return features_schema(fields)

    def _candidate(self, letter: str, one: Mapping[str, Any], group: Group) -> dict[str, Any]:
        return {
            "letter": letter,
            "candidate_id": one["candidate_id"],
            "model": one["generator"],
            "overall_score": number(Fraction(one["overall"])),
            **self._means(one),
            "raters": [
                {
                    "rater": self.pseudonyms[rater],
                    **{
                        _published(name): level
                        for name, level in zip(self.names, levels, strict=True)
                    },
                }
                for rater, levels in zip(group["raters"], one["rater_scores"], strict=True)
            ],
        }

    def _side(self, side: str, one: Mapping[str, Any]) -> dict[str, Any]:
        cell = self.cells.cell(one["image"], self.shelf.place(one["image"]))
        means = {f"{name}_{side}": float(mean) for name, mean in self._means(one).items()}
        return {
            f"candidate_{side}": cell,
            f"model_{side}": one["generator"],
            f"overall_score_{side}": float(Fraction(one["overall"])),
            **means,
        }

    def _means(self, one: Mapping[str, Any]) -> dict[str, int | float]:
        return {
            _published(name): number(Fraction(mean)) or 0
            for name, mean in zip(self.names, one["means"], strict=True)
        }


def _published(name: str) -> str:
    return PUBLISHED_NAMES.get(name, name)


def _pair_order(order: HumanOrder, i: int, j: int) -> HumanOrder:
    """What the order says of two of its places, which are called A and B here."""
    first, second = order.ranks[i], order.ranks[j]
    ranks = (int(first > second), int(second > first))
    return HumanOrder(ranks, order.tie_quality)
