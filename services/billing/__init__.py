"""Billing: tariffs, charges, invoices, online payments."""
