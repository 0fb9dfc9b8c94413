"""The gate that every file from outside passes: is it what its name says, whole, and free of what can act by itself?

Pure functions on a path. `guarded.py` runs them in a process of their own with little time and memory.
"""
