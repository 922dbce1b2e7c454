"""What the portal costs, each case beside a bare baseline in the same run."""
