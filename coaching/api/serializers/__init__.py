"""Shapes of the service: what comes in, what goes out."""
