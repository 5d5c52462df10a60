"""Pages of annotators: the list, and one annotator's panel."""
