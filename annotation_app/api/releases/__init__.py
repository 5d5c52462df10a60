"""What was released, for researchers' programs: dataset versions, benchmarks, leaderboards."""
