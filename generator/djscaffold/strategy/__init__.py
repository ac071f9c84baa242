"""From a profile to a recommendation with reasons and costs."""
