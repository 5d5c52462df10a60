"""Reads GenAI-Bench's released answers, one JSON row per pair of edits, and counts them once.

A row has `idx`, `human_vote` (leftvote, rightvote, tievote, bothbad_vote), the judge's `model_vote`
(null where it could not be parsed), and may have `correct`. Source: TIGER-AI-Lab/GenAI-Bench.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analytics.benchmark.as_published.genai_bench import (
    HUMAN_VOTES,
    GenAIVote,
    accuracy_as_published,
    parse_vote,
)
from analytics.benchmark.labels import (
    LabelSpace,
    always_tie_accuracy,
    label_accuracy,
    strict_label_accuracy,
)
from analytics.foreign.strata import ForeignFileError
from analytics.ranking.proportions import Proportion

Row = Mapping[str, object]
# An error message names this many offending rows at most.
SHOWN_ROWS = 3


@dataclass(frozen=True)
class DoubledRow:
    """An `idx` that occurs more than once.

    Attributes:
        idx: the pair's id.
        lines: its line numbers, ascending.
        is_contradicting: whether the instruction, the person's vote or the judge's differs.
            Identical rows count once, contradicting ones not at all.
    """

    idx: int | str
    lines: tuple[int, ...]
    is_contradicting: bool


@dataclass(frozen=True)
class GenAIAnswers:
    """One judge's answers with the people's votes.

    Attributes:
        votes: by the pair's id, in the file's order; what the accuracies count.
        doubled: ids that occur more than once.
        wrong_correct: lines whose `correct` is not what their own votes say, by the published
            rule; the votes are counted, `correct` never is.
        source: what was read, for the report's heading.
    """

    votes: Mapping[int | str, GenAIVote]
    doubled: tuple[DoubledRow, ...]
    wrong_correct: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class GenAIAccuracies:
    """Shares of the counted pairs.

    Attributes:
        four_classes: as published: an unparsable answer is wrong, [[A=B]] fits both tie kinds.
        three_classes: both tie kinds are one.
        strict_pairs: over the pairs that a person decided.
        always_tie: of a judge who answers "tie" every time, in three classes.
    """

    four_classes: Proportion
    three_classes: Proportion
    strict_pairs: Proportion
    always_tie: Proportion


class _Place(NamedTuple):
    """The line of an `idx`, and the contents of the row."""

    line: int
    vote: GenAIVote
    prompt: object


def is_genai_bench(row: Row) -> bool:
    """Whether a file's first row has the fields of GenAI-Bench's answers."""
    return {"idx", "human_vote", "model_vote"} <= row.keys()


def read_genai_bench(rows: Iterable[tuple[int, Row]], source: str) -> GenAIAnswers:
    """Check every row and return votes and answers, each pair once.

    Args:
        rows: line number and fields of each row.
        source: the file's name, for messages.

    Raises:
        ForeignFileError: a missing or wrong field, or no row at all; names file, line and field.
    """
    found: defaultdict[int | str, list[_Place]] = defaultdict(list)
    faults, wrong_correct = [], []
    for line, row in rows:
        fault = _fault(row)
        if fault:
            faults.append(f"line {line}: {fault}")
            continue
        vote = _vote(row)
        found[_idx(row)].append(_Place(line, vote, row.get("instruct_prompt")))
        if row.get("correct", _is_right(vote)) != _is_right(vote):
            wrong_correct.append(line)
    if faults:
        shown = "; ".join(faults[:SHOWN_ROWS])
        raise ForeignFileError(f"{source}: {len(faults)} unusable rows: {shown}")
    if not found:
        raise ForeignFileError(f"{source}: no rows; one JSON object per line is needed")
    doubled = tuple(_doubled(idx, places) for idx, places in found.items() if len(places) > 1)
    out = {one.idx for one in doubled if one.is_contradicting}
    votes = {idx: places[0].vote for idx, places in found.items() if idx not in out}
    return GenAIAnswers(votes, doubled, tuple(wrong_correct), source)


def genai_accuracies(answers: GenAIAnswers) -> GenAIAccuracies:
    """Return the published accuracy and what to hold it against.

    Raises:
        ForeignFileError: every pair contradicts itself, so that none is left to count.
    """
    votes = list(answers.votes.values())
    if not votes:
        raise ForeignFileError(f"{answers.source}: no pair is left; every idx has differing rows")
    judged, human = [vote.judge for vote in votes], [vote.human for vote in votes]
    return GenAIAccuracies(
        four_classes=accuracy_as_published(votes),
        three_classes=label_accuracy(judged, human, LabelSpace.THREE),
        strict_pairs=strict_label_accuracy(judged, human),
        always_tie=always_tie_accuracy(human),
    )


def _fault(row: Row) -> str | None:
    """What is wrong with a row's fields and how it must be, or None."""
    missing = [name for name in ("idx", "human_vote", "model_vote") if name not in row]
    if missing:
        return f"{missing[0]} is missing"
    idx, human, judge = row["idx"], row["human_vote"], row["model_vote"]
    fault = None
    if isinstance(idx, bool) or not isinstance(idx, int | str):
        fault = f"idx {idx!r} is neither a whole number nor a text"
    elif not isinstance(human, str) or human not in HUMAN_VOTES:
        fault = f"human_vote {human!r} is not one of {', '.join(HUMAN_VOTES)}"
    elif judge is not None and not isinstance(judge, str):
        fault = f"model_vote {judge!r} is neither a text nor null"
    elif not isinstance(row.get("correct", False), bool):
        fault = f"correct {row['correct']!r} is neither true nor false"
    return fault


def _idx(row: Row) -> int | str:
    idx = row["idx"]
    return idx if isinstance(idx, int) else str(idx)


def _vote(row: Row) -> GenAIVote:
    judge = row["model_vote"]
    return parse_vote(str(row["human_vote"]), None if judge is None else str(judge))


def _is_right(vote: GenAIVote) -> bool:
    return accuracy_as_published([vote]).correct == 1


def _doubled(idx: int | str, places: Sequence[_Place]) -> DoubledRow:
    first = places[0]
    differs = any((one.vote, one.prompt) != (first.vote, first.prompt) for one in places)
    return DoubledRow(idx, tuple(one.line for one in places), is_contradicting=differs)
