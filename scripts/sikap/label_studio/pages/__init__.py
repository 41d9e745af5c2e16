"""What Label Studio shows to an annotator."""
