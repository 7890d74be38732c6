"""What changes documents: issuing a certificate."""
