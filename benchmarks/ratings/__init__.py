"""Programs that the rating studies run inside a throw-away installation; they print JSON."""
