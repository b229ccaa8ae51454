"""Order, table and file of the snapshot."""
