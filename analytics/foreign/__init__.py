"""Readers of other people's ratings: files in, tables by stratum and dimension out; no database.

Direction: `report` > `ratings_file`, `imagenhub` > `scores` > `fields` > `strata` > `levels`,
`options`.
"""
