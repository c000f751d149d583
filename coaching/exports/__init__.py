"""Exports: what is in one (`things`), as a zip (`zipped`), whose they are and where they lie (`shelf`)."""
