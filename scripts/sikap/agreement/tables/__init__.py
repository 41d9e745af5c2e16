"""Any table of labels to what is compared."""
