"""Processes that read a release by the ways that the guide names end with exit code 0."""

from collections import Counter

import pytest

import benchmark_streaming

RUNS = 100


@pytest.mark.scale
@pytest.mark.parametrize("way", ["every-config-wait", "first-row-wait", "whole-iterable"])
def test_processes_that_end_as_the_guide_says_all_exit_with_zero(way: str) -> None:
    counts = benchmark_streaming.count_exit_codes(benchmark_streaming.RELEASE, way, RUNS, jobs=2)
    assert counts == Counter({0: RUNS})
