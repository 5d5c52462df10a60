"""Collections: their items, images and ratings brought in, and what is withdrawn."""
