"""Rules over facts: what would break or endanger production, where, and the fix."""
