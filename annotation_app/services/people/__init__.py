"""Accounts, invitations and members of campaigns."""
