"""What people see: pure functions, finished values in, Block Kit out. They fetch nothing."""
