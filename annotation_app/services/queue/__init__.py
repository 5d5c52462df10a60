"""The queue of an annotator: picking, leasing, drawing and ordering slots."""
