"""The hand-written reader of the busiest request takes exactly what its serializer takes."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from annotation_app.api.rating.reading import read_judgement, read_undo
from annotation_app.api.rating.serializers import UndoableJudgementSerializer
from annotation_app.exceptions import InvalidInputError

ORDER = [11, 12, 13]  # candidates by position; more positions than these the page does not show
UUID = "0b9c2f6e-6a55-4d7e-9a3c-0d8f4a9f6b11"
LETTERS = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])  # the parser's part
TEXTS = st.text(LETTERS, max_size=8)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(allow_nan=False),
    TEXTS,
    st.sampled_from(["3", "3.0", "true", " 3 ", UUID, "", "if"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(TEXTS, st.integers(), max_size=2),
)


SCORES = st.fixed_dictionaries(
    {
        "position": st.integers(1, 3),
        "dimension": st.one_of(st.sampled_from(["if", "vq", " if "]), TEXTS),
    },
    optional={
        "level": st.one_of(st.none(), st.integers(-2, 9)),
        "missing_reason": st.sampled_from(["", "unsafe", " unsafe"]),
    },
)
SOUND = st.fixed_dictionaries(
    {
        "client_uuid": st.uuids().map(str) | st.sampled_from([UUID.upper(), f"{{{UUID}}}"]),
        "scores": st.lists(SCORES, max_size=3),
        "seconds": st.one_of(st.integers(-3, 99), st.floats(0, 1e6)),
    },
    optional={
        "aids": st.dictionaries(TEXTS, st.integers(), max_size=2),
        "note": st.one_of(TEXTS, st.just("  a shadow \n")),
        "undo": st.booleans(),
    },
)
NAMES = ("client_uuid", "scores", "seconds", "aids", "note", "undo", "unasked")
SCORE_NAMES = ("position", "dimension", "level", "missing_reason", "unasked")


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A sound body in which up to two values are odd or lack, its own or one of its scores'."""
    body = draw(SOUND)
    for _ in range(draw(st.integers(0, 2))):
        scores = body.get("scores")
        held = scores if isinstance(scores, list) and draw(st.booleans()) else []
        is_inside = bool(held)
        part = draw(st.sampled_from(held)) if is_inside else body
        if not isinstance(part, dict):
            continue
        name = draw(st.sampled_from(SCORE_NAMES if is_inside else NAMES))
        if draw(st.booleans()):
            part[name] = draw(ODD)
        else:
            part.pop(name, None)
    return body


WHOLE = {"client_uuid": UUID, "seconds": 1, "scores": [{"position": 1, "dimension": "if"}]}


def by_hand(body: Any) -> dict[str, Any] | None:
    """What the reader makes of a body, in the serializer's words; None if it refuses it."""
    try:
        judgement = read_judgement(body, ORDER)
        undo = read_undo(body)
    except InvalidInputError:
        return None
    scores = [
        {
            "position": ORDER.index(score.candidate_id) + 1,
            "dimension": score.dimension,
            "level": score.level,
            "missing_reason": score.missing_reason,
        }
        for score in judgement.scores
    ]
    return {
        "client_uuid": judgement.client_uuid,
        "scores": scores,
        "seconds": judgement.seconds,
        "aids": judgement.aids,
        "note": judgement.note,
        "undo": undo,
    }


def by_serializer(body: Any) -> dict[str, Any] | None:
    """The same of the serializer, which cannot know how many candidates a task shows."""
    serializer = UndoableJudgementSerializer(data=body)
    if not serializer.is_valid():
        return None
    values = serializer.validated_data
    if any(score["position"] > len(ORDER) for score in values["scores"]):
        return None
    return {**values, "scores": [dict(score) for score in values["scores"]]}


@given(st.one_of(bodies(), bodies(), bodies(), ODD))
@example(WHOLE)
@example({**WHOLE, "seconds": "3"})
@example({**WHOLE, "seconds": True})
@example({**WHOLE, "seconds": 10**400})
@example({**WHOLE, "undo": "true"})
@example({**WHOLE, "note": 5})
@example({**WHOLE, "client_uuid": int(UUID.replace("-", ""), 16)})
@example({**WHOLE, "client_uuid": f"urn:uuid:{UUID}"})
@example({**WHOLE, "scores": [{"position": "1", "dimension": "if", "level": 3}]})
@example({**WHOLE, "scores": [{"position": 1, "dimension": "if", "level": "3"}]})
@example({**WHOLE, "scores": [{"position": 1, "dimension": "if", "level": 3.0}]})
@example({**WHOLE, "scores": [{"position": 1, "dimension": " if ", "missing_reason": None}]})
def test_the_reader_and_the_serializer_take_the_same_bodies_and_make_the_same_of_them(body):
    assert by_hand(body) == by_serializer(body)


def test_what_both_make_of_a_whole_body():
    assert by_hand(WHOLE) == {
        "client_uuid": by_hand(WHOLE)["client_uuid"],
        "scores": [{"position": 1, "dimension": "if", "level": None, "missing_reason": ""}],
        "seconds": 1.0,
        "aids": {},
        "note": "",
        "undo": False,
    }
    assert str(by_hand(WHOLE)["client_uuid"]) == UUID
