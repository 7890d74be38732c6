"""What changes transfers: naming receivers, signing, checklists, agreements and custody."""
