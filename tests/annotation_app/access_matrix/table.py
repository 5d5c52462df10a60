"""The table of roles and addresses as a file: a line for each address, a column for each person.

The tests compare with it, and `script/bench blinding` writes it; nothing here needs Django.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.annotation_app.access_matrix.cast import BLOCKS, EVERYBODY, SETS, Part

TABLE = Path(__file__).with_name("blinding.txt")
UNASKED = "?"
NAME_WIDTH = 50
Rows = Mapping[str, Mapping[Part, str]]
"""By address, what each part was answered, in one character."""
HEAD = f"""Who gets what at which address of a campaign whose neighbour has the same collection.
`script/bench blinding --write yes` writes this table; read what changed before you keep it.

One block of columns for each set of roles here, one column in it for each set of roles in the
neighbour, both in this order:
{", ".join("+".join(one) or "nothing" for one in SETS)}.
The last block is operators: {"; ".join(part.name for part in BLOCKS[-1])}.

A row is an address; behind a blank stands what is asked there in earnest, with a body that its form
would send. Rows that begin with admin:, account_ and mfa_ are those of packages.

=  answered    b  refused, for the person may still judge such items    .  not theirs
>  sent on     x  asked wrongly (what is posted is empty)    ?  not walked yet
"""


def table_lines(rows: Rows) -> list[str]:
    """One line per row, one column per part; those who were not asked are "?"."""
    return [f"{row:{NAME_WIDTH}} {_columns(told)}" for row, told in sorted(rows.items())]


def read_table(parts: Sequence[Part]) -> list[str]:
    """The lines that the file has for these people; everybody else's columns are "?"."""
    lines = [line for line in TABLE.read_text().splitlines() if line and line[0] != "#"]
    rows = {line[:NAME_WIDTH].rstrip(): _told(line) for line in lines}
    return table_lines({row: {part: told[part] for part in parts} for row, told in rows.items()})


def write_table(rows: Rows) -> None:
    """Write down what everybody was answered, below the words that explain it."""
    head = "\n".join(f"# {line}".rstrip() for line in HEAD.splitlines())
    TABLE.write_text("\n".join([head, "", *table_lines(rows)]) + "\n")


def _told(line: str) -> dict[Part, str]:
    return dict(zip(EVERYBODY, line[NAME_WIDTH + 1 :].replace(" ", ""), strict=True))


def _columns(told: Mapping[Part, str]) -> str:
    return " ".join("".join(told.get(part, UNASKED) for part in block) for block in BLOCKS)
