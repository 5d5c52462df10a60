"""Programs that the export study runs inside a throw-away installation; they print JSON."""
