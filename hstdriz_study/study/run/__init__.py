"""The points of a study, from the first check to the last record."""
