"""CSP-1 on simulated work: does its outgoing quality match theory? Called by `quality`."""

import numpy as np

from analytics.raters import csp
from benchmarks.targets import Target, holds


def outgoing_quality(rng: np.random.Generator) -> tuple[dict[str, object], list[Target]]:
    """Hold the outgoing quality of simulated work against Dodge's theory."""
    plan, rate, n = csp.CspPlan(20, 0.1), 0.05, 100_000
    batches = np.array([_rate(plan, rate, n, rng) for _ in range(6)])
    mean, error = float(batches.mean()), float(batches.std(ddof=1) / np.sqrt(len(batches)))
    theory = plan.outgoing_rate(rate)
    figures: dict[str, object] = {
        "csp_outgoing_rate": mean,
        "csp_outgoing_rate_error": error,
        "csp_outgoing_rate_by_theory": theory,
        "csp_outgoing_limit": plan.outgoing_limit(),
    }
    met = abs(mean - theory) < 3 * max(error, theory / 100)
    return figures, [holds("CSP-1 outgoing rate matches theory within its interval", met=met)]


def _rate(plan: csp.CspPlan, rate: float, n: int, rng: np.random.Generator) -> float:
    state, stays = csp.CspState(), 0
    failures, draws = (rng.random(n) < rate).tolist(), rng.random(n).tolist()
    for failed, draw in zip(failures, draws, strict=True):
        if csp.must_check(state, plan, draw):
            state = csp.advance(state, plan, passed=not failed)
        else:
            stays += failed
    return stays / n
