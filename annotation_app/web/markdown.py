"""Markdown (guidelines, model cards) as safe HTML."""

import nh3
from markdown_it import MarkdownIt

TAGS = frozenset(
    {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"}
    | {"hr", "br", "table", "thead", "tbody", "tr", "th", "td", "a", "img"}
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")


def render_document(text: str) -> str:
    r"""Return Markdown as HTML that holds no script, style or foreign markup.

    >>> render_document("**4** <script>x</script>")
    '<p><strong>4</strong> &lt;script&gt;x&lt;/script&gt;</p>\n'
    """
    return nh3.clean(
        _RENDERER.render(text),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
    )
