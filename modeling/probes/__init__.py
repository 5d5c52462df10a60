"""Known failure modes of reward models, provoked on purpose and counted."""

from modeling.probes.run import ProbeItem, ProbeResult, run_probes

__all__ = ["ProbeItem", "ProbeResult", "run_probes"]
