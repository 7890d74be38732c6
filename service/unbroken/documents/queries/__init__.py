"""What can be read for certificates and exports, and whether what is kept still fits."""
