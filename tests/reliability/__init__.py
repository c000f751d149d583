"""Crash runs: the product's own processes, killed at random, and what they had promised counted afterwards.

Nothing in here runs inside the processes under test but a mail server that writes down what it is handed.
What is counted is read with plain SQL and from files, never through the product.
"""
