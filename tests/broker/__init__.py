"""A real worker and a real beat on a real redis-server."""
