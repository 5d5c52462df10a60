"""Pilots: started, reported on and left for production."""
