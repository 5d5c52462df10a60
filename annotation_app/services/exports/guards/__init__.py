"""What is looked for before a version is built: in its snapshot, and beforehand in the campaign.

preview, report > claims, images. Services of exports and datasets call these; they change nothing.
"""
