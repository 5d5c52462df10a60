"""Markdown (guidelines, model cards) as safe HTML."""

import re

import nh3
from markdown_it import MarkdownIt

TAGS = frozenset(
    {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"}
    | {"hr", "br", "table", "thead", "tbody", "tr", "th", "td", "a", "img"}
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
# one slash: browsers take two, or a slash and a backslash, for another site
OWN_PATH = re.compile(r"/(?:[\w.~%-][\w.~%/?=&-]*)?", re.ASCII)
_RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")


def render_document(text: str) -> str:
    r"""Return Markdown as HTML without script, style, foreign markup or foreign image.

    >>> render_document("**4** <script>x</script>")
    '<p><strong>4</strong> &lt;script&gt;x&lt;/script&gt;</p>\n'
    """
    return nh3.clean(
        _RENDERER.render(text),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_own_images,
        url_schemes={"http", "https", "mailto"},
    )


def _own_images(element: str, attribute: str, value: str) -> str | None:
    """Pictures come only from this site: one from elsewhere would reveal who reads and when."""
    if (element, attribute) != ("img", "src"):
        return value
    return value if OWN_PATH.fullmatch(value) else None
