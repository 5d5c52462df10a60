import math
from dataclasses import replace

import pytest
import torch
from PIL import Image

from modeling.released import ReleasedRewardModel
from modeling.scorer import CandidateScore, ItemScores, RewardModel, ScoreItem, best_of_n
from modeling.scorer.device import find_device


@pytest.fixture(scope="module")
def model(trained):
    return RewardModel.from_pretrained(trained.checkpoint)


def item(folder, number, **pictures):
    images = folder / "images"
    given = {f"c{n}": images / f"{number}-{n}.png" for n in range(3)}
    return ScoreItem(
        item_id=str(number),
        instruction="Make the square red.",
        source=images / f"{number}-source.png",
        candidates={**given, **pictures},
    )


def test_paths_bytes_and_open_pictures_score_alike(model, toy_data):
    path = toy_data / "images" / "0-1.png"
    with Image.open(path) as picture:
        twin = item(toy_data, 0, c1=path.read_bytes(), c2=picture.copy())
        (scores,) = model.score(items=[twin])
    (plain,) = model.score(items=[item(toy_data, 0, c2=path)])
    assert scores["c1"].values == pytest.approx(plain["c1"].values)
    assert scores["c2"].values == pytest.approx(scores["c1"].values)


def test_batching_changes_no_score_and_progress_counts_items(model, toy_data):
    items = [item(toy_data, number) for number in range(5)]
    seen = []
    together = model.score(items=items, batch_size=2, progress=lambda *done: seen.append(done))
    alone = [scores for each in items for scores in model.score(items=[each])]
    for one, two in zip(together, alone, strict=True):
        for left, right in zip(one.candidates, two.candidates, strict=True):
            assert left.values == pytest.approx(right.values, abs=1e-4)
    assert [done[:2] for done in seen] == [(2, 5), (4, 5), (5, 5)]


def test_batches_come_one_by_one_and_add_up_to_all_scores(model, toy_data, tmp_path):
    good = [item(toy_data, number) for number in range(3)]
    batches = model.score_batches(items=[*good, item(toy_data, 3, c0=tmp_path)], batch_size=2)
    assert [each.item_id for each in next(batches)] == ["0", "1"]
    with pytest.raises(OSError, match="candidate 'c0' of item '3'"):
        next(batches)
    listed = [each for batch in model.score_batches(items=good, batch_size=2) for each in batch]
    assert listed == model.score(items=good, batch_size=2)


def test_overall_is_the_sum_of_the_dimensions(model, toy_data):
    (scores,) = model.score(items=[item(toy_data, 3)])
    for candidate in scores.candidates:
        total = candidate["if_mean"] + candidate["vq_mean"]
        assert candidate["overall_mean"] == pytest.approx(total, abs=1e-6)


def test_scores_are_keyword_only_and_unknown_names_list_the_known(model, toy_data):
    with pytest.raises(TypeError):
        model.score([item(toy_data, 0)])
    (scores,) = model.score(items=[item(toy_data, 0)])
    with pytest.raises(KeyError, match="no score 'quality'; there are if_mean"):
        scores["c0"]["quality"]
    with pytest.raises(KeyError, match="no candidate 'c9'"):
        scores["c9"]
    with pytest.raises(ValueError, match="batch_size"):
        model.score(items=[item(toy_data, 0)], batch_size=0)


def test_an_unreadable_picture_is_an_error(model, toy_data, tmp_path):
    torn = tmp_path / "torn.png"
    torn.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(OSError, match="cannot identify"):
        model.score(items=[item(toy_data, 0, c1=torn)])


@pytest.mark.parametrize("kind", [RewardModel, ReleasedRewardModel])
@pytest.mark.parametrize(
    ("device", "reason"),
    [("cuda:99", "there is no cuda:99 on this machine"), ("toaster", "'toaster' is not a device")],
)
def test_a_device_that_is_not_there_is_named(kind, device, reason, trained):
    with pytest.raises(ValueError, match=reason):
        kind.from_pretrained(trained.checkpoint, device=device)


def test_the_device_is_chosen_by_itself(trained):
    found = find_device("auto").type
    assert found == ("cuda" if torch.cuda.is_available() else "cpu")
    model = RewardModel.from_pretrained(trained.checkpoint, device="auto")
    assert {one.device.type for one in model.loaded.network.parameters()} == {found}


def scored(name, mean, unsure):
    values = {"overall_mean": mean, "overall_epistemic_std": unsure}
    return CandidateScore(candidate_id=name, values=values)


def test_caution_prefers_the_candidate_that_the_model_knows_about():
    scores = ItemScores(
        item_id="i", candidates=(scored("lucky", 2.0, 3.0), scored("known", 1.5, 0.1))
    )
    assert best_of_n(scores=scores) == "lucky"
    assert best_of_n(scores=scores, caution=1) == "known"
    assert best_of_n(scores=replace(scores, candidates=scores.candidates[1:])) == "known"


def test_a_candidate_without_a_number_is_no_best():
    scores = ItemScores(
        item_id="i", candidates=(scored("a", math.nan, 0.0), scored("b", 1.0, math.nan))
    )
    with pytest.raises(ValueError, match="candidate 'a' has no overall score"):
        best_of_n(scores=scores)
    known = replace(scores, candidates=scores.candidates[1:])
    assert best_of_n(scores=known) == "b"
    with pytest.raises(ValueError, match="candidate 'b' has no overall score"):
        best_of_n(scores=known, caution=1)


def test_a_model_that_predicts_no_numbers_says_so(trained, toy_data):
    broken = RewardModel.from_pretrained(trained.checkpoint)
    with torch.no_grad():
        next(broken.loaded.network.heads.parameters()).fill_(math.nan)
    with pytest.raises(ValueError, match="predicts numbers that are not finite"):
        broken.score(items=[item(toy_data, 0)])
