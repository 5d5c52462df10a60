"""What tests of the command line share."""

import json

from modeling.cli import main


def only_error(capsys, status, *words):
    """The one complaint of a command that must fail without a traceback."""
    assert main([str(word) for word in words]) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err


def changed_rubric(toy_data, folder, change):
    """The toy world under another rubric."""
    folder.mkdir()
    for name in ("groups.jsonl", "images"):
        (folder / name).symlink_to(toy_data / name)
    rubric = json.loads((toy_data / "rubric.json").read_text())
    change(rubric["dimensions"][0])
    (folder / "rubric.json").write_text(json.dumps(rubric))
    return folder
