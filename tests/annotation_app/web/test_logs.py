"""What the log says of answers that were expected, and of those that were not."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


def logged(caplog: pytest.LogCaptureFixture, error: Exception) -> str:
    """What the log says of a request in which that went wrong."""

    def fail(_request: HttpRequest) -> HttpResponse:
        raise error

    convert_exception_to_response(fail)(RequestFactory().get("/somewhere/"))
    [record] = [one for one in caplog.records if one.name == "django.request"]
    caplog.handler.format(record)
    return caplog.text


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionDenied("You still rate these."), "PermissionDenied: You still rate these."),
        (OperationalError("server closed\nthe connection"), "server closed the connection"),
    ],
)
def test_an_expected_answer_is_one_line_with_its_reason(caplog, error, line):
    text = logged(caplog, error)
    assert line in text
    assert text.count("\n") == 1
    assert "/somewhere/" in text


def test_a_fault_of_the_program_keeps_its_traceback(caplog):
    assert "Traceback" in logged(caplog, KeyError("lost"))
