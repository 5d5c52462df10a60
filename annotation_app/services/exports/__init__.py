"""Dataset versions: files that other people's trainers read, a pure function of a snapshot.

build > staging | joining | parts > formats > rows > pairing > items > ratings; each file format
has a module (edit_reward_json, edit_reward_parquet, training_folder, trl, pointwise,
ratings_table). Beside them: card, manifest, hub_configs, sizing, leftovers.
"""
