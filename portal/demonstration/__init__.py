"""The demonstration street: an invented 四宝山街道 with the numbers that are published of the real one."""
