"""Every deed of the house dies at every named point, once, and is repeated."""
