"""The page of a report: charts, tables and sentences, made of the report alone."""
