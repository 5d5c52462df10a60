"""How many items × annotators an overlap sample needs for a target half-width.

Direction: overlap > components, assumed; callers are the campaign page's selectors.
"""
