"""Everything that the templates are told."""
