"""Images: from a foreign file to verified pixels, a lossless copy and a database row.

refusals < signatures, chunks < containers, colour < decoding < fingerprints, encoding < preparing
< storing.
Other services call `storing.store_image`; imports call `preparing` in threads and `storing` after.
"""
