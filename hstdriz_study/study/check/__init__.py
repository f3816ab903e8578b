"""What a sweep would start from: ``hstdriz-study check``."""
