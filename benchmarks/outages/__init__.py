"""Parts of the study of outages: a site of its own, its clients, and who kills what."""
