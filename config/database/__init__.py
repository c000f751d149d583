"""The database engine of the house: Django's own for PostgreSQL, with an end to its patience."""
