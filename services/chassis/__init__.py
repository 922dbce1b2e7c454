"""The microservice chassis: what carries a service and knows nothing of the town."""
