"""Collections, their items, candidates and images, and what was withdrawn or kept out."""
