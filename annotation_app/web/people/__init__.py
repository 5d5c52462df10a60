"""Members, invitations and workload."""
