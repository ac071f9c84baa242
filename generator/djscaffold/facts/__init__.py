"""What is written in a repository: read, never run, never decided."""
