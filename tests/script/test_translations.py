import shutil
import subprocess
import sys

import pytest

from tests.architecture.source_tree import CHECKOUT

PAGE = """{% load i18n %}<h1>{% translate "Rate" %}</h1>
{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}"""
MODULE = 'from django.utils.translation import gettext as _\n\nTITLE = _("Queue")\n'
COMPLETE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Rate"
msgstr "评分"

msgid "Queue"
msgstr "队列"

msgid "%(n)s item"
msgid_plural "%(n)s items"
msgstr[0] "%(n)s 项"
"""


@pytest.fixture
def check(tmp_path):
    """Runs the check over a small product with the given catalogue."""
    application = tmp_path / "annotation_app"
    catalogue = application / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    (application / "templates").mkdir()
    (application / "templates" / "page.html").write_text(PAGE)
    (application / "views.py").write_text(MODULE)
    (tmp_path / "script").mkdir()
    program = shutil.copy(CHECKOUT / "script" / "check_translations.py", tmp_path / "script")

    def run(text):
        catalogue.write_text(text)
        result = subprocess.run(
            [sys.executable, program], capture_output=True, text=True, check=False
        )
        return result.returncode, result.stdout

    return run


def test_a_complete_catalogue_passes(check):
    assert check(COMPLETE) == (0, "")


def test_a_text_that_is_not_in_the_catalogue_is_named_with_its_file(check):
    status, printed = check(COMPLETE.replace('msgid "Queue"', 'msgid "Other"'))
    assert status == 1
    assert "not there: 'Queue' (from annotation_app/views.py)" in printed


def test_an_empty_or_fuzzy_translation_is_named(check):
    assert "not translated: 'Rate'" in check(COMPLETE.replace("评分", ""))[1]
    assert (
        "not translated: 'Rate'"
        in check(COMPLETE.replace('msgid "Rate"', '#, fuzzy\nmsgid "Rate"'))[1]
    )


def test_a_translation_must_keep_the_placeholders(check):
    assert "other placeholders than '%(n)s item'" in check(COMPLETE.replace("%(n)s 项", "项"))[1]


def test_a_text_of_counts_without_its_plural_is_named_for_it_would_not_be_found(check):
    single = COMPLETE.replace('msgid_plural "%(n)s items"\n', "").replace("msgstr[0]", "msgstr")
    assert "without its plural, so never found: '%(n)s item'" in check(single)[1]


def test_the_catalogue_of_the_source_language_need_not_repeat_our_texts(check, tmp_path):
    english = tmp_path / "annotation_app" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    english.parent.mkdir(parents=True)
    english.write_text('msgid ""\nmsgstr ""\n\nmsgid "Sign In"\nmsgstr "Sign in"\n')
    assert check(COMPLETE) == (0, "")
