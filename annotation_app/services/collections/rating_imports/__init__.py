"""Existing ratings brought into a campaign: read, resolved, written whole, released whole.

records < reading, edit_reward_data; records < resolving < writing; all < running < jobs. Callers
use `running.import_ratings`, `releasing.release_import`, the command and the job runner in `jobs`.
"""
