"""Pages of the disagreement explorer: items whose raters lie far apart, down to every score."""
