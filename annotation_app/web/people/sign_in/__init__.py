"""The sign-in page: who tries, from where, and how often they may."""
