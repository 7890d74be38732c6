"""Mail: letters by SMTP."""
