"""Parts of the study of outages: a separate site, its clients, and what kills which process."""
