"""The reviewer's queue: disputes to decide, flags to settle."""
