"""Who knocks at the sign-in page, from where, and how often they may try."""
