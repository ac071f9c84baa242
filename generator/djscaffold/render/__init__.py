"""From a plan or recorded answers to files."""
