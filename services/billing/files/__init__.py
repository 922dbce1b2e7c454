"""Files as banks and the treasury want them, written and read: values in, values out."""
