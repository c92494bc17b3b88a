"""The door for programs: who knocks, how pages are turned, what a refusal says, organisations."""
