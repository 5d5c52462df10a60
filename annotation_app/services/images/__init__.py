"""Images: from a foreign file to verified pixels, a lossless copy and a database row.

refusals < limits, wording < decoding < fingerprints, encoding < preparing < storing. Which pixels a
file has is decided in `imaging`, for the reward models too.
Other services call `storing.store_image`; imports call `preparing` in threads and `storing` after.
"""
