"""Benchmarks from building to judging.

plans, groups < items < choosing < building; rankings, files < publishing; predictions, figures <
scoring < judging < uploading. Pages and job runners call building, rankings, publishing,
judging and uploading.
"""
