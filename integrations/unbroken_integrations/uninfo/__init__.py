"""UN INFO: what country teams need, have and spent, by goal, agency or result."""
