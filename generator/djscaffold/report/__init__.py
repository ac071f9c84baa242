"""Facts, reasons, plans and results as text or JSON. Decides nothing."""
