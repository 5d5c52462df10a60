"""The tables of a dataset card, from the manifest's numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

COUNTED = (
    "possible", "strict", "disentangled", "identical", "incomparable", "exported_rows",
)  # fmt: skip
ALPHA, AC2, EXACT = "krippendorff_alpha_ordinal", "gwet_ac2", "exact_agreement"
UNLISTED = 30  # rows after which a table says only how many more there are

Manifest = Mapping[str, Any]


def count_table(
    title: str, parts: Mapping[str, Mapping[str, int]], total: Mapping[str, int]
) -> str:
    """Pairs by kind for each part and in total."""
    rows = [[name or "(none)", *_numbers(counts)] for name, counts in parts.items()]
    shown = rows[:UNLISTED]
    if len(rows) > UNLISTED:
        shown.append([f"… {len(rows) - UNLISTED} more in manifest.json", *[""] * len(COUNTED)])
    head = [title, "pairs", "strict", "disentangled", "identical", "incomparable", "rows"]
    return table(head, [*shown, ["all", *_numbers(total)]])


def agreement_table(manifest: Manifest) -> str:
    """Each dimension's agreement with its overlap and interval; undefined values say why."""
    report = manifest["report"].get("agreement", {})
    names = {row["key"]: row["name"] for row in manifest["rubric_facts"]["dimensions"]}
    rows = []
    for key, one in report.get("figures", {}).items():
        alpha = _figure(one, ALPHA)
        interval = one.get("interval_95")
        between = "–" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"
        counts = [f"{one['n_pairable']:,}", f"{one['n_items']:,}", str(one["n_raters"])]
        rows.append(
            [names.get(key, key), alpha, between, _figure(one, AC2), _figure(one, EXACT), *counts]
        )
    head = ["Dimension", "α (ordinal)", "95 % interval", "AC2", "exact", "n", "items", "raters"]
    return table(head, rows)


def licence_table(manifest: Manifest) -> str:
    """Items by source and licence."""
    rows = [
        [row["source"] or "(none)", row["licence"] or "not stated", f"{row['items']:,}"]
        for row in manifest["sources"]
    ]
    return table(["Source", "Licence", "items"], rows)


def rubric_text(manifest: Manifest) -> str:
    """The rubric's dimensions with their wording."""
    parts = []
    for row in manifest["rubric_facts"]["dimensions"]:
        levels = ", ".join(map(str, row["levels"]))
        summary, *anchors = row["wording"].split("\n")
        head = f"- **{row['name']}** (`{row['key']}`, weight {row['weight']:g}, levels {levels})"
        parts.append("\n".join([f"{head}: {summary}", *(f"  - {line}" for line in anchors)]))
    return f"Rubric `{manifest['rubric']}`; the overall score is the weighted sum.\n\n" + "\n".join(
        parts
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar in a cell stays text."""
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _numbers(counts: Mapping[str, int]) -> list[str]:
    return [f"{counts[name]:,}" for name in COUNTED]


def _figure(figures: Mapping[str, Any], name: str) -> str:
    value = figures.get(name)
    if value is None:
        return str(figures.get("reasons", {}).get(name, "–"))
    return f"{value:.3f}"
