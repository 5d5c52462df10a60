"""Tests of members, invitations, setup, guidelines, pilots, talk and workload."""
