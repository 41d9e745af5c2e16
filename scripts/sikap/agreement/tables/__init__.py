"""Any table of labels, or an export, to what is compared."""
