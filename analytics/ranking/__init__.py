"""How well scores order candidates, and how candidates' makers rank. Pure; anyone may call it."""
