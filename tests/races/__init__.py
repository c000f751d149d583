"""Two people, one moment: on a real PostgreSQL, failing without the lock."""
