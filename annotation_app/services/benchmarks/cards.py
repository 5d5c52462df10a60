"""A benchmark's card: README.md with the YAML head that dataset hubs read."""

from pathlib import Path
from typing import Any

from annotation_app.models import Benchmark

HEAD = """---
pretty_name: "{name}"
task_categories:
- image-to-image
tags:
- image-editing
- reward-model-benchmark
configs:
- config_name: default
  data_files:
  - split: test
    path: data/test.parquet
---

# {name}
"""
BODY = """
{groups} groups of two, three or four edits of one instruction, each rated by {raters} people on
the rubric `{rubric}`. The order of a group is the answer; every item is used only once.

## How it was made

- Items were rated in full by {raters} people, in slots drawn at random. Groups are stratified by
  category and prefer small differences of the mean scores (mean spread {spread:.2f}).
- Groups of three and four have a strict order; pairs may tie, as good or as bad.
- Joint ranking check: every rater confirms or corrects the order that their own scores imply; the
  majority's order is the label. Outcomes: {check}.
{override}
## How to score

A group is correct if every pair in it is correct. Report the accuracy, pooled and for each K, next
to both chance levels: random scores reach {floor_scores:.2%}, independent random labels
{floor_labels:.2%}. A failed prediction counts as wrong. Choose a tie threshold on
`calibration.json` where there is one, or cross-fit it; never on the groups themselves.

| K | groups | random scores | random labels |
|---|---|---|---|
{table}

## Files

{files}
- `data/test.parquet`: one row per pair of a group, images embedded.
- `predictions_template.csv`: fill in the scores and score them where the benchmark was built.
- `manifest.json`: plan, seed, counts, chance levels (`floors`) and the sha256 of every file.

## Limits

One rubric, one group of raters, the generators of one campaign. Raters appear under pseudonyms.
Each group states its licence; where none is given, ask the owner of the source dataset.
"""


def write_card(folder: Path, benchmark: Benchmark, facts: dict[str, Any], sizes: list[int]) -> None:
    """Write README.md from the facts in the manifest."""
    name = f"{benchmark.campaign.name} benchmark {benchmark.number}".replace('"', "'")
    simulated = "\n**Simulated data: no human judged it.**\n" if facts["simulated"] else ""
    reason = facts["override_reason"].replace("\r\n", "\n").replace("\n", "  \n  ")  # one point
    text = (
        HEAD.format(name=name)
        + simulated
        + BODY.format(
            groups=facts["groups"],
            raters=benchmark.plan["raters"],
            rubric=facts["rubric"],
            spread=facts["mean_spread"],
            check=", ".join(
                f"{key} {count}" for key, count in facts["joint_check"].items() if count
            ),
            override=f"- Published before all rankings were in: {reason}\n" if reason else "",
            floor_scores=facts["floors"]["random_scores"],
            floor_labels=facts["floors"]["random_labels"],
            table="\n".join(_line(row) for row in facts["single_rater_rows"]),
            files="\n".join(f"- `{k}pair.json`: the groups of {k}." for k in sizes),
        )
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    name = "all" if row["k"] is None else row["k"]
    floors = f"{row['floor_scores']:.2%} | {row['floor_labels']:.2%}"
    return f"| {name} | {row['items']} | {floors} |"
