"""What a release says: tables, splits, card, datasheet, checks. Pure: values in, values out."""
