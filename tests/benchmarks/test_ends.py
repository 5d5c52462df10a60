from benchmarks.outages.ends import OwnEnd, own_ends

LOG = """\
10:00:00 worker-cpu     | ready.
10:00:01 web            | Booting worker
10:00:02 supervisor     | worker-cpu was ended by SIGKILL after 9 s; starting it again in 1 s
10:00:03 worker-cpu     | Connection to broker lost.
10:00:04 worker-cpu     | Unrecoverable error: ResponseError
10:00:05 supervisor     | worker-cpu ended with exit status 1 after 9 s; starting it again in 1 s
10:00:06 supervisor     | redis was down; started it again (restart 1)
"""


def test_an_end_that_was_no_kill_is_told_with_what_the_process_said_before():
    [end] = own_ends(LOG, ("web", "worker-cpu"))
    assert isinstance(end, OwnEnd)
    assert (end.name, end.how.partition(" after")[0]) == (
        "worker-cpu",
        "worker-cpu ended with exit status 1",
    )
    assert end.said == (
        "ready.",
        "Connection to broker lost.",
        "Unrecoverable error: ResponseError",
    )
