"""Six simulated editors: a correct edit is performed on the scene graph, then habits spoil it."""
