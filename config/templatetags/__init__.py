"""Tags and filters of the page shell."""
