import json

from modeling.cli import main
from tests.modeling.conftest import SMALL


def test_train_evaluate_and_score_work_from_the_command_line(tmp_path, toy_data, capsys):
    config = tmp_path / "config.json"
    settings = {"backbone_options": SMALL, "head_hidden": [16], "epochs": 1}
    config.write_text(json.dumps(settings))
    model = str(tmp_path / "m")
    assert main(["train", str(toy_data), model, "--config", str(config), "--seed", "3"]) == 0
    assert json.loads(capsys.readouterr().out)["checkpoint"] == model

    assert main(["evaluate", model, str(toy_data)]) == 0
    assert 0 <= json.loads(capsys.readouterr().out)["accuracy"] <= 1

    assert main(["score", model, str(toy_data / "groups.jsonl")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 160
    assert {"item_id", "candidate_id", "if_mean", "overall_std"} <= set(lines[0])


def test_bad_input_is_one_line_on_standard_error(tmp_path, capsys):
    assert main(["train", str(tmp_path), str(tmp_path / "m")]) == 2
    assert "groups.jsonl is missing" in capsys.readouterr().err
