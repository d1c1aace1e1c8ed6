"""Profiling: where the processor time of one request goes, seen by a profiler."""

from comparison.speed.profiling.profile import ProfilingError
from comparison.speed.profiling.profiled import breakdown

__all__ = ["ProfilingError", "breakdown"]
