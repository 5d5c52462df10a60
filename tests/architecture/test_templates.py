"""Templates look into mappings only where no key can be taken for a method of the mapping."""

import re
from collections import Counter

from tests.architecture.source_tree import CHECKOUT

TEMPLATES = CHECKOUT / "annotation_app" / "templates"
# `{{ found.items }}` asks a mapping for its key first: a column, dimension or fact called "items"
# takes the place of the method. Views hand over pairs instead.
METHODS = "items|keys|values|get|pop|update|copy|clear"
LOOKUP = re.compile(rf"\b([a-z_][\w.]*\.(?:{METHODS}))\b")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Fields of objects, or keys that the JSON always holds: each means what it says.
FIELDS = frozenset(
    {
        ("agreement/_headlines.html", "one.items"),
        ("benchmarks/detail.html", "benchmark.facts.items"),
        ("benchmarks/generators.html", "board.items"),
        ("campaigns/_alpha.html", "line.items"),
        ("collections/external_sets.html", "set.items"),
        ("exports/_preview.html", "amounts.items"),
        ("exports/_preview.html", "preview.amounts.items"),
        ("exports/detail.html", "version.manifest.pairs.items"),
        ("exports/diff.html", "group.items"),
        ("exports/list.html", "version.items"),
        ("exports/splits.html", "near.items"),
        ("exports/splits.html", "one.items"),
        ("quality/home.html", "bank.items"),
        ("collections/rating_imports/_report.html", "job.result.items"),
        ("campaigns/setup/_forecast.html", "forecast.items"),
        ("campaigns/setup/pilot.html", "one.items"),
        ("campaigns/setup/pilot.html", "report.items"),
    }
)
TWO_NAMES = re.compile(r"\{%\s*for\s+\w+\s*,\s*\w+\s+in\s+[\w.]+\.(?:items|keys|values)\b")


def lookups() -> Counter[tuple[str, str]]:
    """Every look into something by a name that is also a method of mappings."""
    return Counter(
        (str(path.relative_to(TEMPLATES)), found)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for tag in TAG.findall(path.read_text())
        for found in LOOKUP.findall(QUOTED.sub("", tag))
    )


def test_no_template_calls_a_method_of_a_mapping():
    assert set(lookups()) - FIELDS == set()


def test_every_field_that_is_let_through_is_still_there():
    assert FIELDS - set(lookups()) == set()


def test_no_template_goes_through_pairs_of_a_mapping():
    looping = [
        str(path.relative_to(TEMPLATES))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if TWO_NAMES.search(path.read_text())
    ]
    assert looping == []


# What people write in fields of several lines; shown in an element of the class that keeps them.
WRITTEN = re.compile(
    r"\{\{\s*([\w.]*\b(?:instruction|introduction|body|note|reason|resolution|description|summary"
    r"|change_note|sentence|changed_guideline|withdrawal_reason|override_reason|release_reason|error))"
    r"(?:\|[^}]*)?\s*\}\}"
)
ELEMENT = re.compile(r"<(\w+)((?:\"[^\"]*\"|[^<>\"])*)>[^<>]*$")
# Our own sentences and codes, which have one line.
ONE_LINE = frozenset(
    {
        ("503.html", "sentence"),
        ("campaigns/home.html", "reason"),
        ("collections/blind.html", "reason"),
        ("agreement/disagreements/blind.html", "reason"),
        ("jobs/health/health.html", "state.run.error"),
        ("partials/withheld.html", "withheld.reason"),
        ("quality/feedback.html", "reason"),
        ("agreement/_headlines.html", "one.reason"),
        ("agreement/_chart.html", "chart.sentence"),
        ("agreement/home.html", "work.note"),
        ("alerts/list.html", "line.sentence"),
        ("alerts/webhooks.html", "error"),
        ("rating/keys.html", "error"),
        ("benchmarks/detail.html", "reason"),
        ("campaigns/_reason.html", "reason"),
        ("collections/_report.html", "problem.reason"),
        ("exports/card.html", "card.body"),
        ("agreement/disagreements/item.html", "score.reason"),
        ("quality/gold_edit.html", "error"),
        ("quality/lessons.html", "form.introduction"),
        ("raters/_figures.html", "row.note"),
        ("collections/rating_imports/_report.html", "problem.reason"),
        ("agreement/reports/_table.html", "table.note"),
        ("reviewing/decide.html", "error"),
    }
)


def test_what_people_wrote_is_shown_where_its_lines_are_kept():
    found = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        for written in WRITTEN.finditer(text):
            element = ELEMENT.search(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text[: written.start()]))
            name, attributes = element.groups() if element else ("", "")
            if "lines" not in attributes and name != "textarea":
                found.add((str(path.relative_to(TEMPLATES)), written[1]))
    assert found == ONE_LINE
