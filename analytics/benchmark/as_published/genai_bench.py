"""GenAI-Bench image editing (TIGER-AI-Lab/GenAI-Bench): votes, answers, 4-class accuracy."""

from collections.abc import Iterable
from typing import NamedTuple

from analytics.benchmark.labels import LabelSpace, PairLabel, label_accuracy
from analytics.ranking.proportions import Proportion

HUMAN_VOTES = {
    "leftvote": PairLabel.FIRST,
    "rightvote": PairLabel.SECOND,
    "tievote": PairLabel.TIE_GOOD,
    "bothbad_vote": PairLabel.TIE_BAD,
}
_ANSWERS = {f"[[{label.value}]]": label for label in PairLabel}


class GenAIVote(NamedTuple):
    """One pair: what the human voted and what the judge answered (None: unparsable)."""

    human: PairLabel
    judge: PairLabel | None


def parse_vote(human_vote: str, model_vote: str | None) -> GenAIVote:
    """Return a vote from the released file's strings.

    Raises:
        ValueError: if the human vote is none of the four that the benchmark uses.
    """
    if human_vote not in HUMAN_VOTES:
        raise ValueError(f"unknown human vote {human_vote!r}; known: {', '.join(HUMAN_VOTES)}")
    answer = _ANSWERS.get(model_vote.strip()) if model_vote else None
    return GenAIVote(HUMAN_VOTES[human_vote], answer)


def accuracy_as_published(votes: Iterable[GenAIVote]) -> Proportion:
    """Return the 4-class accuracy: an unparsable answer is wrong, [[A=B]] fits both tie kinds."""
    listed = list(votes)
    judged, human = [v.judge for v in listed], [v.human for v in listed]
    return label_accuracy(judged, human, LabelSpace.FOUR)
