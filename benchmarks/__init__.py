"""Studies that measure the system; `script/bench NAME` runs one. No module imports this package.

A study is a module with `study(*, quick, options)` that returns `figures` and `targets`; it prints
its progress on stderr and, where it wants PostgreSQL and Redis, sets `NEEDS_SERVICES = True`.
"""
