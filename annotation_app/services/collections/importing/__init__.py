"""Items and candidates from folders, archives and tables, row by row.

problems < rows < fields < parsing; trees < tables < sources; both < comparing, writing < running.
Callers use `running.import_items`, the command and the job runner in `jobs`.
"""
