"""How sure a coefficient is: derivatives, jackknife, bootstrap and the intervals of a report."""
