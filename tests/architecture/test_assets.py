"""No template, static file, class of a style sheet or export of a script is left without a use."""

import functools
import re
from pathlib import Path

from tests.architecture.source_tree import CHECKOUT

APPLICATION = CHECKOUT / "annotation_app"
TEMPLATES, STATIC = APPLICATION / "templates", APPLICATION / "static"
# Django and allauth ask for these by names of their own.
ASKED_FOR = {"403.html", "404.html", "allauth/layouts/base.html"}
# The style sheet of charts names what Plotly draws.
PLOTLYS = {
    "crisp",
    "cursor-default",
    "cursor-pointer",
    "draglayer",
    "ease-bg",
    "js-plotly-plot",
    "main-svg",
    "notifier-close",
    "notifier-note",
    "plotly-notifier",
    "user-select-none",
}
# Templates put these together: "limit-" and a kind of limit.
PUT_TOGETHER = {"limit-warning"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{}]+)\{")
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
EXPORT = re.compile(r"^export (?:async )?(?:function|const|class|let) (\w+)", re.MULTILINE)


@functools.cache
def texts() -> dict[Path, str]:
    kinds = {".py", ".html", ".txt", ".css", ".js", ".md"}
    paths = [path for path in APPLICATION.rglob("*") if path.suffix in kinds]
    return {path: path.read_text() for path in paths if "migrations" not in path.parts}


def mentioned(name: str, but: Path) -> bool:
    return any(name in text for path, text in texts().items() if path != but)


def test_every_template_is_rendered_somewhere():
    paths = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    names = {str(path.relative_to(TEMPLATES)): path for path in paths}
    assert {name for name, path in names.items() if not mentioned(name, path)} == ASKED_FOR


def test_every_static_file_is_asked_for():
    paths = [path for path in STATIC.rglob("*") if path.is_file()]
    assert [str(path) for path in paths if not mentioned(path.name, path)] == []


def test_every_class_of_a_style_sheet_is_given_to_something():
    sheets = [text for path, text in texts().items() if path.suffix == ".css"]
    named = {
        name
        for sheet in sheets
        for selector in SELECTORS.findall(COMMENT.sub("", sheet))
        for name in CLASS.findall(selector)
    }
    others = [text for path, text in texts().items() if path.suffix != ".css"]
    words = {word for text in others for word in re.findall(r"[\w-]+", text)}
    assert named - words == PLOTLYS | PUT_TOGETHER


def test_every_export_of_a_script_is_imported_by_another_or_tested():
    tests = "".join(path.read_text() for path in (CHECKOUT / "tests").rglob("*.js"))
    scripts = {path: text for path, text in texts().items() if path.suffix == ".js"}
    unused = [
        f"{path.name}: {name}"
        for path, text in scripts.items()
        for name in EXPORT.findall(text)
        if not any(
            re.search(rf"\b{name}\b", other)
            for place, other in [*scripts.items(), (None, tests)]
            if place != path
        )
    ]
    assert unused == []
