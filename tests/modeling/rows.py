"""Rows of a training folder without their images."""

TIE = [("disentangled", "if", "a", "b"), ("disentangled", "vq", "b", "a")]


def group(scores, pairs, ratings=None):
    """An item whose candidates a, b, … have the given (if, vq) scores."""
    return {
        "item_id": "i",
        "instruction": "Do it.",
        "source_image": "s.png",
        "split": "train",
        "candidates": [
            {
                "candidate_id": name,
                "generator": "g",
                "image": f"{name}.png",
                "scores": {
                    "if": {"numerator": one[0], "denominator": 2},
                    "vq": None if one[1] is None else {"numerator": one[1], "denominator": 2},
                },
                "ratings": (ratings or {}).get(name, {}),
            }
            for name, one in scores.items()
        ],
        "pairs": [
            {"kind": kind, "dimension": dimension, "preferred": p, "other": o, "weight": 1}
            for kind, dimension, p, o in pairs
        ],
    }
