"""Dataset versions: files that other people's trainers read, a pure function of a snapshot.

build > joining | parts > formats > the file formats (edit_reward_json, edit_reward_parquet,
training_folder, trl, pointwise, ratings_table) > rows > pairing > items > ratings.
Beside them: card, manifest, hub_configs, sizing, leftovers. Only services and jobs call them.
"""
