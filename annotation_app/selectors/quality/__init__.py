"""Quality rules, gold, and what annotators' work says of them."""
