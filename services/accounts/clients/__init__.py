"""What accounts asks of others over HTTP."""
