"""Wiring and the shell. Knows everything, known by nobody.

Empty on purpose: set-up runs modules of this package before Django can be loaded.
"""
