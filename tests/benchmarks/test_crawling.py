"""What the crawl reads of a page, and which commands it takes for good."""

import pytest

from benchmarks.crawling.commands import refusal
from benchmarks.crawling.pages import Button, Form, read_page

PAGE = """
<html><head><link rel="stylesheet" href="/static/a.css"><script src="/static/a.js"></script></head>
<body id="top"><a href="/one/">One</a> <a href="#top">Up</a> <img src="/images/1/">
<div hx-get="/jobs/1/" hx-trigger="every 1s"></div>
<form action="/search/"><input name="q" value="a b"><button type="submit">Go</button></form>
<form method="post"><input type="hidden" name="token" value="x"><input type="checkbox" name="off">
<input type="checkbox" name="on" value="1" checked><input type="file" name="file">
<select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
<textarea name="text">Hello</textarea>
<button name="act" value="keep">Keep</button>
<button name="act" value="drop" formaction="/drop/">Drop</button></form>
<p>Run <code>script/bench loop --quick</code>, then</p><pre>$ script/setup
# a comment</pre>
</body></html>
"""


def test_a_pages_links_parts_forms_and_commands_are_read():
    printed = read_page(PAGE, "¶")
    assert printed.links == ["/static/a.css", "/static/a.js", "/one/", "#top", "/images/1/"]
    assert printed.parts == ["/jobs/1/"]
    assert printed.anchors == {"top"}
    assert printed.commands == ["script/bench loop --quick", "$ script/setup", "# a comment"]
    search, change = printed.forms
    assert search == Form("get", "/search/", {"q": "a b"}, [Button()])
    assert (change.method, change.action) == ("post", "")
    assert change.fields == {"token": "x", "on": "1", "kind": "b", "text": ""}
    assert change.buttons == [Button("act", "keep"), Button("act", "drop", "/drop/")]


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ("<p>One\n¶ two</p>", ["One ¶ two"]),
        ('<p class="muted lines">One\n¶ two</p>', []),
        ('<div class="lines"><b>One\n¶ two</b></div>', []),
        ('<p><span class="lines">One</span>\n¶ two</p>', ["¶ two"]),
        ("<textarea>One\n¶ two</textarea>", []),
        ("<p>One ¶ two</p>", []),
    ],
)
def test_a_second_line_outside_of_what_keeps_lines_is_lost(html, lost):
    assert read_page(html, "¶").lost_lines == lost


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("python -m modeling train exports/1 model", ""),
        ("$ .venv/bin/python -m modeling train exports/1 model", ""),
        ("python -m modeling train exports/1", "required: output"),
        ("python -m modeling train exports/1 model --colour red", "unrecognized arguments"),
        ("python -m modelling train", "there is no module modelling"),
        ("manage.py create_admin olga", ""),
        ("script/manage import_items PATH --collection NAME", ""),
        ("manage.py import_item PATH", "there is no command import_item"),
        ("python manage.py import_items --collection A", "required: path"),
        ("script/bench loop --quick", ""),
        ("script/bench loops", "there is no study called loops"),
        ("script/sevices start", "there is no script/sevices"),
        ("python -m modeling train 'a", "is not a command line"),
        ("manage.py import_items", ""),
        ("python -m analytics.verification", ""),
        ("python -m analytics.nothing", "there is no module analytics.nothing"),
        ("SELECT 1", ""),
        ("pip install editjury", ""),
    ],
)
def test_a_command_is_read_by_the_program_that_it_names(line, why):
    said = refusal(line)
    assert why in said
    assert bool(said) == bool(why)
