"""How long and how much the web server waits for; no framework is loaded to read them."""

ORDINARY = 2_621_440  # bytes: forms and JSON, as Django itself allows
# In the environment of a request whose body has not been received: may it come?
ASKS = "editjury.asks"

HEADER_SECONDS = 10.0
BODY_SECONDS, BODY_RATE = 20.0, 1000.0  # a body has so long, and a second more for each 1000 bytes
SEND_SECONDS = 60  # without a byte taken, an answer is given up
LEFT_SECONDS = 0.02  # of a new connection, to another process that may have a free thread
CONNECTIONS = 2000  # of one process; each costs memory and a file number, but no thread
