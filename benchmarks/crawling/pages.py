"""What a page prints: links, forms, commands, anchors, and texts whose lines it keeps or loses."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})
ADDRESSES = {
    "a": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
}
CODE = frozenset({"code", "pre", "kbd"})
# Elements that keep line breaks, or show none of their text.
KEEPING = frozenset({"pre", "textarea", "script", "style", "title", "code"})
KEEPING_CLASSES = frozenset({"lines", "diff"})


@dataclass(frozen=True)
class Button:
    """A button that sends a form: what it adds, and where to if not to the form's own address."""

    name: str = ""
    value: str = ""
    action: str = ""


@dataclass
class Form:
    """A form as a person sees it.

    Attributes:
        method: get or post.
        action: its address; empty for the page's own.
        fields: its contents before anyone types.
        buttons: each sends it.
    """

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def pressed(self, button: Button, page: str) -> tuple[str, dict[str, str]]:
        """Where a button sends the form on a page, and with what."""
        more = {button.name: button.value} if button.name else {}
        return button.action or self.action or page, self.fields | more


@dataclass
class Printed:
    """Everything on a page that can be followed, sent, run or misread."""

    links: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    lost_lines: list[str] = field(default_factory=list)


def read_page(html: str, mark: str) -> Printed:
    """Read a page; a text with a line beginning with `mark` must be where line breaks are kept."""
    reader = _Reader(mark)
    reader.feed(html)
    reader.close()
    return reader.printed


class _Reader(HTMLParser):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self.printed = Printed()
        self._mark = mark
        self._open: list[tuple[str, frozenset[str]]] = []
        self._form: Form | None = None
        self._code: list[str] = []
        self._choice = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, frozenset(found.get("class", "").split())))
        if "id" in found:
            self.printed.anchors.add(found["id"])
        if found.get(ADDRESSES.get(tag, "")):
            self.printed.links.append(found[ADDRESSES[tag]])
        if "hx-get" in found:
            self.printed.parts.append(found["hx-get"])
        if tag == "form":
            self._form = Form(found.get("method", "get").lower(), found.get("action", ""))
            self.printed.forms.append(self._form)
        elif self._form is not None:
            self._take_field(self._form, tag, found)

    def _take_field(self, form: Form, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "submit" if tag == "button" else "")
        if tag in {"button", "input"} and kind == "submit":
            action = found.get("formaction", "")
            form.buttons.append(Button(name, found.get("value", ""), action))
        elif tag == "select":
            self._choice = name
            form.fields.setdefault(name, "")
        elif tag == "option" and ("selected" in found or not form.fields.get(self._choice)):
            form.fields[self._choice] = found.get("value", "")
        elif tag == "textarea" and name:
            form.fields[name] = ""
        elif tag == "input" and name and _is_sent(kind, found):
            form.fields[name] = found.get("value", "")

    @override
    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        if tag in CODE and not any(name in CODE for name, _classes in self._open):
            self.printed.commands += [
                line.strip() for line in "".join(self._code).splitlines() if line.strip()
            ]
            self._code = []

    @override
    def handle_data(self, data: str) -> None:
        names = {name for name, _classes in self._open}
        if names & CODE:
            self._code.append(data)
        classes = {one for _name, found in self._open for one in found}
        has_lines = any(line.lstrip().startswith(self._mark) for line in data.split("\n")[1:])
        if has_lines and not names & KEEPING and not classes & KEEPING_CLASSES:
            self.printed.lost_lines.append(" ".join(data.split())[:120])


def _is_sent(kind: str, found: dict[str, str]) -> bool:
    return kind != "file" and (kind not in {"checkbox", "radio"} or "checked" in found)
