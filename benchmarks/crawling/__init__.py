"""A walk over every page of a populated installation, as each of its people."""
