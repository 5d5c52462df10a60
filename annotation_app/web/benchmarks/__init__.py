"""Pages of benchmarks, of their raters' check, and of leaderboards."""
