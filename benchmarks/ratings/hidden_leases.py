"""An attacker's leases: `python -m benchmarks.ratings.hidden_leases LEASES OVERLAP PEOPLE SEED Z`.

Prints how well each figure that an annotator could compare tells hidden checks from work.
"""

import json
import sys
from dataclasses import asdict

import django

django.setup()

# Models and factories exist only once Django is set up.
from tests.factories.attack import compare, prepare, run  # noqa: E402


def main() -> None:
    """Run the attack and print every comparison."""
    leases, overlap, people, seed = (int(word) for word in sys.argv[1:5])
    attack = prepare(max(400, leases * 4 // 3), overlap=overlap, people=people, seed=seed)
    seen = run(attack, leases)
    found = compare(seen, float(sys.argv[5]))
    print(
        json.dumps(
            {
                "leases": attack.leases,
                "items": len(seen),
                "hidden": sum(one.hidden for one in seen),
                "compared": {
                    name: asdict(one) | {"tells": bool(one.tells)} for name, one in found.items()
                },
            }
        )
    )


if __name__ == "__main__":
    main()
