"""What is written about requests names no secret: somebody's link stands in the address."""

import logging
import re

SECRET_PART = re.compile(r"(/[qo]/)[^/\s?\"']+")


class WithoutSecrets(logging.Filter):
    """Put stars in place of the secret part of every address, whoever logs it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the words of the line; every line is let through."""
        said = record.getMessage()
        if "/q/" in said or "/o/" in said:
            record.msg, record.args = SECRET_PART.sub(r"\1***", said), ()
        return True
