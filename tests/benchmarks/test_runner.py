import json

import pytest

from benchmarks import __main__ as runner
from benchmarks.targets import at_least, at_most, holds

STUDY = '''
"""A study that answers at once."""


def study(*, quick, options):
    print("progress")
    target = {"name": "answer", "value": 42, "target": ">= 40", "met": True}
    return {"figures": {"answer": 42, "n": options["n"]}, "targets": [target]}
'''


@pytest.fixture
def one_study(tmp_path, monkeypatch):
    (tmp_path / "trial_study.py").write_text(STUDY)
    monkeypatch.setattr(runner, "HERE", tmp_path)
    monkeypatch.setattr("benchmarks.__path__", [str(tmp_path)])


def test_the_last_line_of_stdout_is_one_json_object(one_study, capsys):
    assert runner.main(["trial-study", "--quick", "--n", "4"]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report["figures"] == {"answer": 42, "n": "4"}
    assert report["targets"][0]["met"] is True
    assert report["quick"] is True
    assert report["machine"]["cores"] >= 1
    assert "progress" in printed.err


@pytest.mark.parametrize("words", [[], ["no-such-study"], ["trial_study", "--n"]])
def test_a_wrong_command_line_lists_the_studies(one_study, capsys, words):
    assert runner.main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "trial_study" in printed.err


def test_options_may_be_written_with_an_equals_sign(one_study):
    assert runner.parse(["trial_study", "--items=3", "--seed", "5"]) == (
        "trial_study",
        False,
        {"items": "3", "seed": "5"},
    )


def test_targets_say_whether_they_are_met():
    assert at_least("a", 2.0, 1.5) == {"name": "a", "value": 2.0, "target": ">= 1.5", "met": True}
    assert at_most("a", 2.0, 1.5)["met"] is False
    assert holds("a", met=False)["met"] is False
