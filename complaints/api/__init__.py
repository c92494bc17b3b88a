"""The third floor's door for programs: complaints without anybody's name, and categories."""
