"""Every event that crosses a service border, its topic, and its published schema."""
