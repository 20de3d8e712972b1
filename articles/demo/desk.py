"""The desk of the demo magazine: a login in each role, and pieces on their way from draft to published."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from articles import comments, editing, review
from articles.demo.texts import FOLDER
from articles.models import Article, Author, Section

WAY = {"in_review": ["submit"], "needs_changes": ["submit", "ask_for_changes"], "approved": ["submit", "approve"]}
"""The moves by which a piece comes to a stage."""


def plan() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "desk.toml").read_text(encoding="utf-8"))


def fill(people: Mapping[str, Any], at: datetime) -> None:
    """Tie the people, by their login, to their bylines and put their pieces on the desk; in the caller's transaction,
    after the magazine itself is loaded."""
    data = plan()
    for login in data["logins"]:
        Author.objects.filter(slug=login["author"]).update(user=people[login["username"]])
    for piece in data["pieces"]:
        write(piece, people, at)
    for draft in data["drafts"]:
        article = Article.objects.filter(slug=draft["slug"]).held().get()
        content = {**article.newest_content(), "dek": draft["dek"]}
        editing.record(article, content, by=people[draft["by"]], at=at, note=draft["note"])


def write(piece: dict[str, Any], people: Mapping[str, Any], at: datetime) -> None:
    author = people[piece["by"]]
    content = {name: piece[name] for name in ("headline", "dek", "body", "kind", "tags") if name in piece}
    content["section"] = Section.objects.get(slug=piece["section"]).pk
    content["bylines"] = [[Author.objects.get(user=author).pk, ""]]
    begun = editing.begin(content, by=author, at=at)
    article = Article.objects.filter(pk=begun.pk).held().get()
    editor = people["editor"] if author != people["editor"] else people["publisher"]
    for move in WAY.get(piece.get("stage", ""), []):
        note = piece["asked"] if move == "ask_for_changes" else ""
        review.move(article, move, by=author if move == "submit" else editor, at=at, note=note)
    if "remark" in piece:
        comments.say(article.latest_revision, piece["remark"], at=at, by=editor, block=piece["about"])
