"""One strict reader of tables for every file that people bring: CSV, TSV, JSON, JSONL, Parquet.

Every row of a file is either read or reported, with the line on which it begins; `reading` is the
entry point. Direction: `reading` > `delimited` | `json_rows` | `parquet_rows` > `cells` >
`columns`, `encodings` > `rows`; `names`, `missing` and `numbers` are independent. `items` gathers
rows into items.
"""
