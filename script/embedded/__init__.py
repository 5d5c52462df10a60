"""Private PostgreSQL and Redis under var/, started and stopped by script/services.

Not part of the product: only the commands in script/ run it. Direction:
`__main__` > `choosing | reviving` > `instance` > `postgres | redis_server` >
`account | process | layout`.
"""
