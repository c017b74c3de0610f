"""Parsing of JSON from strangers: every way to fail becomes a few words. Imports nothing of ours."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["NotJson", "parse_json"]


class NotJson(Exception):
    """The text is not JSON.

    Attributes
    ----------
    line, column : int
        Where, from 1; 0 where the parser can't tell.
    """

    def __init__(self, words: str, line: int = 0, column: int = 0) -> None:
        super().__init__(words)
        self.line = line
        self.column = column


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, or raise `NotJson`."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        words = error.msg[0].lower() + error.msg[1:].removesuffix(" starting at")
        raise NotJson(words, error.lineno, error.colno) from None
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except ValueError:
        raise NotJson("a number has too many digits") from None
