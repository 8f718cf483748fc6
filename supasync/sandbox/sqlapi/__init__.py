"""The SQL endpoint: one text in, the rows of one statement out, in the platform's JSON."""
