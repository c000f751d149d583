#!/usr/bin/env python
"""Runs one management command."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.embedded import SetUpProblem

    try:
        execute_from_command_line(sys.argv)
    except SetUpProblem as problem:
        sys.exit(str(problem))
