"""What the last-layer posterior learns from: the pairs that taught, as often as they count."""

import json
from dataclasses import replace

import pytest
import torch

from modeling.checkpoint import load_checkpoint
from modeling.scorer import RewardModel, ScoreItem
from modeling.trainer import train
from tests.modeling.toy import write_toy


@pytest.fixture
def posterior(tmp_path, small_config):
    """The precision that training added to the prior's, for pairs of one weight."""
    config = replace(small_config, max_steps=2, evaluations_per_run=1)

    def found(weight):
        data = write_toy(tmp_path / f"toy-{weight}", items=12)
        rows = [json.loads(line) for line in (data / "groups.jsonl").read_text().splitlines()]
        for row in rows:
            for pair in row["pairs"]:
                pair["weight"] = weight
        (data / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        output = train(config, data=data, output=tmp_path / f"m-{weight}").checkpoint
        factors = load_checkpoint(output).laplace.cholesky.double()
        return torch.linalg.inv(factors @ factors.mT) - torch.eye(factors.shape[-1])

    return found


def test_pairs_of_half_the_weight_tell_half_as_much(posterior):
    whole, half = posterior(1), posterior(0.5)
    assert whole.diagonal(dim1=-2, dim2=-1).sum() > 0.1
    torch.testing.assert_close(half, whole / 2, rtol=1e-3, atol=1e-4)


def test_pairs_that_taught_nothing_leave_the_prior(posterior):
    assert not posterior(0).abs().gt(1e-5).any()


def test_a_model_that_knows_nothing_says_so(tmp_path, small_config):
    data = write_toy(tmp_path / "toy", items=12, candidates=1)  # ratings alone, no pair
    output = train(replace(small_config, max_steps=1), data=data, output=tmp_path / "m").checkpoint
    model = RewardModel.from_pretrained(output)
    edits = {"a": data / "images" / "0-0.png"}
    (item,) = model.score(items=[ScoreItem("0", "Do it.", data / "images" / "0-source.png", edits)])
    assert item["a"]["if_epistemic_std"] > 0
    assert item["a"]["overall_epistemic_std"] > 0
