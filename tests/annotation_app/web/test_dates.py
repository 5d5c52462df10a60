"""Dates on pages, in mails and files: none reads differently in London and in New York."""

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

from annotation_app.web.people.workload import PeriodForm
from tests.architecture.source_tree import CHECKOUT

TREE = CHECKOUT / "annotation_app"
# 12 August to one reader is 8 December to another.
AMBIGUOUS = re.compile(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b|\b[ap]\.?m\b", re.IGNORECASE)
NAMED = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")
MOMENT = datetime(2026, 12, 8, 1, 24, tzinfo=UTC)


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("name", [*NAMED, "MONTH_DAY_FORMAT", "YEAR_MONTH_FORMAT", "TIME_FORMAT"])
def test_no_format_puts_day_and_month_as_bare_numbers(language, name):
    with override(language):
        shown = formats.date_format(MOMENT, name)
    assert not AMBIGUOUS.search(shown), shown


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_date_that_a_template_leaves_unformatted_is_unambiguous_too(language):
    page = Template("{{ day }} | {{ moment }}")
    with override(language):
        shown = page.render(Context({"day": MOMENT.date(), "moment": MOMENT}))
    assert not AMBIGUOUS.search(shown), shown


def test_english_and_chinese_name_the_month():
    page = Template('{{ moment|date:"SHORT_DATE_FORMAT" }} | {{ moment|date:"DATETIME_FORMAT" }}')
    with override("en"):
        assert page.render(Context({"moment": MOMENT})) == "8 Dec 2026 | 8 Dec 2026, 01:24"
    with override("zh-hans"):
        assert page.render(Context({"moment": MOMENT})) == "2026年12月8日 | 2026年12月8日 01:24"


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_date_picker_gets_its_value_as_browsers_read_it(language):
    with override(language):
        shown = str(PeriodForm(initial={"first": date(2026, 12, 8)})["first"])
    assert 'value="2026-12-08"' in shown


def test_every_date_filter_names_a_format_or_is_for_machines():
    filters = re.compile(r"\|(?:date|time):[\"']([^\"']*)[\"']")
    used = {
        (format_, path.name)
        for path in (TREE / "templates").rglob("*.*")
        for format_ in filters.findall(path.read_text())
    }
    assert used
    assert [(format_, name) for format_, name in used if format_ not in {*NAMED, "c", "e"}] == []


def test_no_code_writes_a_date_in_a_form_of_its_own():
    own = re.compile(r"strftime\(|toLocale\w*String\(|%d[/.\-]%m|%m[/.\-]%d(?!.*%Y-)")
    sources = [*TREE.rglob("*.py"), *(TREE / "static" / "editjury").rglob("*.js")]
    lines = {
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text().splitlines()
        if own.search(line) and "%Y-%m-%d" not in line
    }
    assert lines == set()
