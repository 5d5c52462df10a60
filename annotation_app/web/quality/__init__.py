"""Quality: an admin's rules, bank and lessons; an annotator's training and test; actions."""
