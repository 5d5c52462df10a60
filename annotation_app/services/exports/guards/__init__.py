"""Checks before a version is built: of its snapshot, and beforehand of the campaign.

preview, report > claims, images. Services of exports and datasets call these; they do not change
any data.
"""
