"""The commands in script/."""
