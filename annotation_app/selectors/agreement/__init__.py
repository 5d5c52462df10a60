"""Agreement as pages read it: tables, strata, disagreements, the live store, reports."""
