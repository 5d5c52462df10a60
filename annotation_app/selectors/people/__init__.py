"""Members, memberships, addresses and workload."""
