"""Reads `{"problems": {NAME: problem}}` on stdin and writes the differences on stdout."""

import json
import sys

from analytics.verification.oracles import compare, oracle_versions


def main() -> int:
    """Compare every problem; exit 1 where a figure is defined on one side only."""
    problems = json.load(sys.stdin)["problems"]
    compared = {name: compare(problem) for name, problem in problems.items()}
    differences = [d for found in compared.values() for d in found["differences"].values()]
    mismatches = [
        f"{name}.{figure}" for name, found in compared.items() for figure in found["mismatches"]
    ]
    result = {
        "largest_difference": max(differences, default=0.0),
        "n_figures": len(differences),
        "mismatches": mismatches,
        "problems": compared,
        "versions": oracle_versions(),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 1 if mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
