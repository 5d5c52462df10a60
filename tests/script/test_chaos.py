"""A short run of the study of outages: beat, Redis and a worker are killed while people rate."""

import pytest

from benchmarks.chaos import study

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(600)]


def test_nothing_is_lost_and_all_comes_back_when_beat_redis_and_a_worker_are_killed():
    options = {"seconds": "20", "clients": "3", "only": "beat,redis,worker-cpu"}
    result = study(quick=True, options=options)
    assert [target for target in result["targets"] if not target["met"]] == []
    restarts = result["figures"]["restarts"]
    assert all(restarts[name] >= 1 for name in ("beat", "redis", "worker-cpu"))
    assert restarts["web"] == 0
