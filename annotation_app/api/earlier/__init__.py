"""The API's addresses from before `/api/v1`: what browsers stored is taken, all else is gone."""
