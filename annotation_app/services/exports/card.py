"""A dataset's card: README.md with the YAML head that hubs read, written from the manifest.

It does not depend on when or under which number it was built: two builds of one snapshot with
the same options and seed have the same card, byte for byte.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from annotation_app.services.exports import card_texts as texts
from annotation_app.services.exports.card_tables import (
    agreement_table,
    count_table,
    licence_table,
    rubric_text,
)
from annotation_app.services.exports.hub_configs import Config
from annotation_app.services.exports.options import ExportFormat, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis

CARD = "README.md"
KNOWN_LICENCES = frozenset(
    {
        "apache-2.0", "bsd-3-clause", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0",
        "cc-by-sa-4.0", "cc0-1.0", "mit",
    }
)  # fmt: skip
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"

Manifest = dict[str, Any]


def write_card(folder: Path, manifest: Manifest, configs: list[Config]) -> None:
    """Write README.md from what the manifest says."""
    text = f"---\n{_head(manifest, configs)}---\n\n{_body(manifest, configs)}"
    (folder / CARD).write_text(text, encoding="utf-8")


def _head(manifest: Manifest, configs: list[Config]) -> str:
    head = {
        "pretty_name": manifest["campaign_name"],
        "license": _licence(manifest),
        "task_categories": ["image-to-image"],
        "tags": ["image-editing", "preference-data", "reward-model"]
        + (["synthetic"] if manifest["simulated"] else []),
        "size_categories": [_size(manifest["pairs"]["total"]["exported_rows"])],
        "configs": configs,
    }
    return "".join(f"{name}:{_yaml(value)}\n" for name, value in head.items())


def _yaml(value: Any) -> str:  # noqa: ANN401 - plain values
    """A value as JSON, which YAML includes: no text can break out of its quotes."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "".join(f"\n- {json.dumps(one, ensure_ascii=False)}" for one in value)
    return f" {json.dumps(value, ensure_ascii=False)}"


def _licence(manifest: Manifest) -> str:
    names = {source["licence"].lower() for source in manifest["sources"]}
    [name] = names if len(names) == 1 else ("",)
    return name if name in KNOWN_LICENCES else "other"


def _size(rows: int) -> str:
    return next((name for below, name in SIZES if rows < below), LARGEST)


def _body(manifest: Manifest, configs: list[Config]) -> str:
    total, options = manifest["pairs"]["total"], manifest["options"]
    sections = [
        f"# {manifest['campaign_name']}",
        texts.SIMULATED if manifest["simulated"] else "",
        texts.SUMMARY.format(items=manifest["pairs"]["items"], **total),
        "## Counts\n\n" + _counts(manifest),
        "## Rubric\n\n" + rubric_text(manifest),
        "## How it was collected\n\n" + _collection(manifest),
        "## Agreement\n\n" + texts.AGREEMENT + "\n\n" + agreement_table(manifest),
        "## How pairs were made\n\n" + _rules(options),
        "## Splits\n\n" + texts.SPLITS,
        "## Files\n\n" + _files(options) + _opening(options, configs),
        "## Licences\n\n" + texts.LICENCES + "\n\n" + licence_table(manifest),
        "## Known limits\n\n" + _limits(manifest),
        "## Citation\n\n"
        + texts.CITATION.format(
            name=manifest["campaign_name"], digest=manifest["snapshot"]["digest"]
        ),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _counts(manifest: Manifest) -> str:
    pairs = manifest["pairs"]
    parts = [
        count_table("Split", pairs["by_split"], pairs["total"]),
        count_table("Source", pairs["by_source"], pairs["total"]),
    ]
    return "\n\n".join([*parts, texts.COUNTS])


def _collection(manifest: Manifest) -> str:
    found = manifest["collection"]
    kinds = ", ".join(
        f"{row['ratings']:,} {row['task_kind']} ({row['design']})" for row in found["ratings"]
    )
    days = [str(found[name])[:10] for name in ("first_rating", "last_rating")]
    return texts.COLLECTION.format(
        raters=found["raters"],
        ratings=manifest["snapshot"]["ratings"],
        items=manifest["snapshot"]["items"],
        kinds=kinds,
        first=days[0],
        last=days[1],
        seconds=found["mean_seconds_per_item"],
        guideline=manifest["guideline_version"],
        left_out=_left_out(manifest),
    )


def _left_out(manifest: Manifest) -> str:
    number = len(manifest["report"].get("raters", {}).get("left_out", []))
    return f" The work of {number} annotators was left out." if number else ""


def _rules(options: dict[str, Any]) -> str:
    basis = texts.BASES[ScoreBasis(options["scores"])]
    band = options["tie_band"]
    lines = [
        texts.PAIRS.format(basis=basis),
        texts.BAND.format(band=band) if band else texts.NO_BAND,
        _filters(options["minimum_margin"], options["minimum_gap"]),
        texts.WITH_IDENTICAL if options["include_identical"] else texts.WITHOUT_IDENTICAL,
        texts.ITEM_WEIGHTS if options["item_weights"] else texts.ROW_WEIGHTS,
        texts.SIDE.format(seed=options["seed"]),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _filters(margin: str, gap: str) -> str:
    if Fraction(margin) == Fraction(gap) == 0:
        return texts.NO_FILTERS
    return texts.FILTERS.format(margin=margin, gap=gap)


def _files(options: dict[str, Any]) -> str:
    lines = [line for name in options["formats"] for line in texts.FILES[ExportFormat(name)]]
    if options["images"] != ImageMode.REFERENCED:
        lines.append(texts.IMAGE_FILES)
    return "\n".join(f"- {line}" for line in [*lines, texts.MANIFEST_FILE])


def _opening(options: dict[str, Any], configs: list[Config]) -> str:
    if not configs:
        return ""
    names = ", ".join(f"`{config['config_name']}`" for config in configs)
    mode = texts.IMAGES[ImageMode(options["images"])]
    first = configs[0]["config_name"]
    return "\n\n" + texts.OPENING.format(names=names, first=first, images=mode)


def _limits(manifest: Manifest) -> str:
    figures = manifest["report"].get("agreement", {}).get("figures", {})
    single = max((one["share_single_rated"] or 0 for one in figures.values()), default=None)
    generators = {
        name for pair in manifest["pairs"]["by_generator_pair"] for name in pair.split(" | ")
    }
    lines = list(texts.LIMITS)
    lines.insert(0, texts.GENERATORS.format(number=len(generators)))
    if single:
        lines.insert(1, texts.SINGLE.format(share=single))
    return "\n".join(f"- {line}" for line in lines)
