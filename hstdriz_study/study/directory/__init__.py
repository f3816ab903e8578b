"""A study's directory: what lies where, and how it is read and written."""
