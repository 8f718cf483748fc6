"""What other projects test with: a pytest plugin over the sandbox."""
