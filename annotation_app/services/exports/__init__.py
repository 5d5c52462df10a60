"""Dataset versions: files that other people's trainers read, a pure function of a snapshot.

build > formats (edit_reward_json, edit_reward_parquet, training_folder) > items > options.
"""
