"""Pages on which existing ratings are brought into a campaign."""
