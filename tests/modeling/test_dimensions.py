"""Nothing in the reward model may count on two dimensions or four levels."""

import json

from modeling.config import TrainConfig
from modeling.scorer import RewardModel, ScoreItem
from modeling.trainer import train
from tests.modeling.test_variants import TINY
from tests.modeling.toy import RUBRIC

EXTRA = {"key": "kept", "name": "What was kept", "weight": 3, "levels": [0, 1]}


def with_a_third_dimension(toy, folder):
    """The toy world, every candidate of which kept what it should (level 1 of 0 and 1)."""
    (folder / "images").symlink_to(toy / "images")
    rubric = {"dimensions": [*RUBRIC["dimensions"], EXTRA]}
    (folder / "rubric.json").write_text(json.dumps(rubric))
    rows = [json.loads(line) for line in (toy / "groups.jsonl").read_text().splitlines()]
    for row in rows:
        for candidate in row["candidates"]:
            candidate["scores"]["kept"] = {"numerator": 1, "denominator": 1}
            candidate["ratings"]["kept"] = [1]
    (folder / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_rubric_of_three_dimensions_and_two_levels_is_trained_judged_and_scored(
    tmp_path, toy_data
):
    (tmp_path / "data").mkdir()
    data = with_a_third_dimension(toy_data, tmp_path / "data")
    config = TrainConfig(backbone_options=TINY, head_hidden=(8,), max_steps=2)
    result = train(config, data=data, output=tmp_path / "m")
    assert {"accuracy_if", "accuracy_vq", "accuracy_kept"} <= set(result.metrics["test"])
    assert result.metrics["test"]["pairs_kept"] == 0
    item = ScoreItem(
        "i",
        "Make the square red.",
        data / "images" / "0-source.png",
        {"a": data / "images" / "0-0.png", "b": data / "images" / "0-1.png"},
    )
    (scores,) = RewardModel.from_pretrained(result.checkpoint).score(items=[item])
    for candidate in scores.candidates:
        assert 0 <= candidate["kept_level"] <= 1
        weighted = candidate["if_mean"] + candidate["vq_mean"] + 3 * candidate["kept_mean"]
        assert abs(candidate["overall_mean"] - weighted) < 1e-5
    card = (result.checkpoint / "card.md").read_text()
    assert "- `kept`: What was kept, weight 3" in card
