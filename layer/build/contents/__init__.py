"""The contents of the zip: files, licences, bill of materials, and the zip itself."""
