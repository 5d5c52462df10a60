"""The live store of agreement, read: stored sums and the tail that is not folded yet."""
