"""The real terraform without a network: providers that know schemas, and plan in memory."""
