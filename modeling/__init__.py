"""The reward model as a separate library: PyTorch, independent of the web site and the queue.

Rooms, each importing only from those after it: ``__main__``, ``cli``, ``trainer | scorer``,
``evaluation | probes | acquisition``, ``checkpoint``, ``model | data | losses``,
``backbones | heads``, ``config | seeding``.
"""
