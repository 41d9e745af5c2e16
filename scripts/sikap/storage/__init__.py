"""Files of a project: records, blocks, sorting on disk, schemas, locations."""
