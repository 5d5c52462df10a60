"""Studies of a campaign's annotators: what needs a pass over all ratings, made by a job."""
