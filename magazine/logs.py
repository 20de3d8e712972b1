"""What a log must not hold: the address of a guest's link, or of one in a mail to a reader, is as good as a key."""

import logging
import re

TOKEN = re.compile(r"/(preview|review|newsletter/(?:address|confirm|leave|not-me|preferences))/[^/\s\"'?]+")

SEARCH = re.compile(r"(/admin/newsletter/subscriber/[^\s\"'?]*\?)[^\s\"']+")
"""What is looked for among the readers is mostly somebody's address."""


class WithoutTokens(logging.Filter):
    """Django writes the path of every request it refuses; the log keeps where it led and not the key in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        kept = SEARCH.sub(r"\1…", TOKEN.sub(r"/\1/…", message))
        if kept != message:
            record.msg, record.args = kept, ()
        return True
