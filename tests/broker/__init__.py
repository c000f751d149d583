"""A real worker and a real beat on a real redis-server; two machines of them, in networks of their own, over each broker."""
