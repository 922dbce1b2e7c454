"""The rules of enrolment: values in, values out."""
