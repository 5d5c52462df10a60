"""Texts as people write them: of two lines, and with the names of a mapping's own methods."""

MARK = "¶"
# A column, dimension or field of these names takes the place of the method in a template.
METHODS = ("items", "keys", "values", "get", "pop", "count", "index")


def two_lines(text: str) -> str:
    """A text with a second line that can be told: it begins with the mark."""
    return f"{text}\n{MARK} and a second line & more <b>."


def odd_metadata() -> dict[str, str]:
    """Metadata of a table whose columns are named like methods."""
    return {name: f"the {name}" for name in METHODS} | {"remarks": two_lines("Seen twice.")}
