"""The reward model as a library of its own: PyTorch, and nothing of the web site or the queue.

Rooms, each importing only from those after it: ``__main__``, ``cli``, ``trainer | scorer``,
``evaluation | probes | acquisition``, ``checkpoint``, ``model | data | losses``,
``backbones | heads``, ``config | seeding``.
"""
