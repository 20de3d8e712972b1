"""docs/developers.md draws who may import whom; here the imports are read and a wrong one fails.

    leaf           -> standard library, Django, third party; and leaves of the same app
    models         -> leaves of the same app
    verb modules   -> models and leaves
    edges          -> all of those: views, forms, feeds, admin, commands, tasks, template tags ...

Nothing imports views, admin or commands; but the two apps' admins are one desk. `newsletter` may import `articles`;
never the other way. Neither imports the project, `magazine`. What only a type checker reads, under
`if TYPE_CHECKING:`, is free.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("articles", "newsletter")
PROJECT = "magazine"

# Any module that the models or a leaf import is a leaf too, whether it is named here or not.
LEAVES = {
    *("articles.checklist", "articles.differences", "articles.embeds", "articles.html", "articles.links"),
    *("articles.locks", "articles.metadata", "articles.picture_html", "articles.pictures", "articles.renditions"),
    *("articles.workflow", "newsletter.address_file", "newsletter.inbox", "newsletter.lines", "newsletter.replies"),
    *("newsletter.reports", "newsletter.tokens"),
}
EDGES = {
    *("admin", "apps", "checks", "context_processors", "feeds", "forms", "management", "middleware", "migrations"),
    # What calls all the others: the worker's table of jobs, and what a mail service calls.
    *("jobs", "sitemaps", "tasks", "templatetags", "urls", "views", "webhooks"),
}
# Neighbours of one layer that stand on each other, each with its reason.
EXCEPTIONS = {
    ("articles.previews", "articles.related"): "a preview shows what will stand under the article",
    ("articles.room", "articles.comments"): "a review room is the text with one guest's comments beside it",
    ("articles.notices", "articles.roles"): "nobody is told of what they may not see, and who may is said in one place",
    ("newsletter.bounces", "newsletter.alerts"): "many refusals by policy are for staff to know",
    ("newsletter.signing_up", "newsletter.letters"): "a wish that is taken is answered by a letter",
    ("articles.seeding", "articles.demo"): "bulk data has the words of the demonstration magazine",
    ("articles.demo", "articles.editing"): "the demonstration has pieces that were written at the desk",
    ("articles.demo", "articles.review"): "and that are on their way through it",
    ("articles.demo", "articles.comments"): "with what was said of them",
    ("newsletter.demo", "newsletter.roundup"): "the demonstration has issues that filled themselves",
    ("newsletter.demo", "newsletter.mail"): "and one that was frozen",
    ("newsletter.sending", "newsletter.mail"): "an issue is frozen when it is scheduled",
    ("newsletter.sending", "newsletter.preflight"): "and what the preflight stops is not scheduled",
    ("newsletter.delivery", "newsletter.mail"): "the link to leave in the headers is the one in the text",
    ("newsletter.delivery", "newsletter.sending"): "too many refusals pause an issue, the last message finishes it",
    ("newsletter.mail", "newsletter.mail_pictures"): "a mail carries its own, smaller pictures",
    ("newsletter.preflight", "newsletter.mail"): "what is looked at before sending is the mail itself",
    ("newsletter.preflight", "newsletter.mail_pictures"): "and whether its pictures can be made",
    ("newsletter.roundup", "newsletter.sending"): "the weekly draft goes by itself where staff want that",
    ("newsletter.testing", "newsletter.mail"): "a test is the mail as readers get it",
}

VAGUE_NAMES = {"common", "core", "helpers", "managers", "misc", "mixins", "services", "util", "utils"}
MAKES_TEXT_SAFE = {"SafeData", "SafeString", "SafeText", "mark_safe"}
# `article__status=` is as much a rule spelled by hand as `status=`.
VISIBILITY = re.compile(r"(^|__)(status|published_at)(__(lte?|gte?|isnull|in|exact))?$")
QUERYING = {"Q", "exclude", "filter", "get", "get_or_404", "get_object_or_404", "get_list_or_404", "When"}


@dataclass(frozen=True)
class Module:
    """A file of ours: its dotted name and what it says."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(), str(self.path))

    @property
    def app(self) -> str:
        return self.name.split(".")[0]

    @property
    def unit(self) -> str:
        """The module or package right below the app: `articles.models.article` belongs to `articles.models`."""
        return ".".join(self.name.split(".")[:2])

    @property
    def kind(self) -> str:
        own = self.name.partition(".")[2].split(".")[0]
        if self.app == PROJECT or not own:
            return "project" if self.app == PROJECT else "app"
        if own in EDGES:
            return "edge"
        return "models" if own == "models" else "leaf" if self.unit in LEAVES else "verb"

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


class Tree:
    """The modules below a folder, and who imports whom."""

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = sorted(path for app in (*APPS, PROJECT) for path in (root / app).rglob("*.py"))
        modules = [Module(dotted(path.relative_to(root)), path) for path in paths]
        self.modules = {module.name: module for module in modules}

    def imports(self, module: Module) -> Iterator[tuple[ast.AST, Module]]:
        """Each module of ours that the module imports when it runs, with the statement that does."""
        for node in running(module.tree):
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                source = absolute(node, module)
                targets = [f"{source}.{alias.name}" for alias in node.names]
            else:
                continue
            for target in targets:
                if found := self.modules.get(target) or self.modules.get(target.rpartition(".")[0]):
                    yield node, found

    def leaves(self) -> set[str]:
        """The units that have to be leaves: those named so, and what the models and the leaves stand on."""
        leaves = set(LEAVES)
        while more := self.below({"models"}, leaves) - leaves:
            leaves |= more
        return leaves

    def below(self, kinds: set[str], units: set[str]) -> set[str]:
        return {
            target.unit
            for module in self.modules.values()
            if module.kind in kinds or module.unit in units
            for _, target in self.imports(module)
            if target.kind in {"leaf", "verb"} and target.app == module.app
        }


def dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def absolute(node: ast.ImportFrom, module: Module) -> str:
    """The full name behind `from .x import y`."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    ups = node.level - (module.path.name == "__init__.py")
    return ".".join([*package[: len(package) - ups], *filter(None, [node.module])])


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs, which leaves out `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield other
                yield from running(other)
            continue
        yield child
        yield from running(child)


# ---------------------------------------------------------------- the rules


def wrong_imports(tree: Tree) -> list[str]:
    leaves = tree.leaves()
    return [
        f"{module.at(node)} imports {target.name}: {fault}"
        for module in tree.modules.values()
        for node, target in tree.imports(module)
        if (fault := import_fault(module, target, leaves))
    ]


def import_fault(module: Module, target: Module, leaves: set[str]) -> str:
    """Why one import is wrong; empty when it is right."""
    if module.unit == target.unit or (module.unit, target.unit) in EXCEPTIONS:
        return ""
    if module.app != PROJECT and target.app == PROJECT:
        return "an app does not know the project"
    if module.app == "articles" and target.app == "newsletter":
        return "newsletter may import articles, never the other way"
    own = target.name.split(".")[1:2]
    one_desk = own == ["admin"] and module.unit == "newsletter.admin"
    if own and own[0] in {"views", "admin", "management"} and not module.name.endswith(".urls") and not one_desk:
        return "nothing imports views, admin or commands"
    if module.unit in leaves:
        own_leaf = target.unit in leaves and target.app == module.app
        return "" if own_leaf or target.kind == "app" else "a leaf imports leaves of its own app only"
    return layer_fault(module, target, leaves)


def layer_fault(module: Module, target: Module, leaves: set[str]) -> str:
    if module.kind in {"edge", "project", "app"} or target.kind == "app" or target.unit in leaves:
        return ""
    if target.kind == "models":
        return "" if module.kind == "verb" or module.app != target.app else "models stand below this module"
    if module.kind == "models":
        return "models import leaves of their own app only"
    if target.kind == "verb":
        return "" if module.app != target.app else "a verb module imports models and leaves"
    return "this belongs to the edges"


def imports_inside_functions(tree: Tree) -> list[str]:
    """AppConfig.ready() alone may: before it the models are not there."""
    return [
        f"{module.at(node)} imports inside {function.name}()"
        for module in tree.modules.values()
        for function in functions(module.tree)
        if not (module.name.endswith(".apps") and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def functions(tree: ast.AST) -> Iterable[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def vague_names(tree: Tree) -> list[str]:
    return [name for name in tree.modules if VAGUE_NAMES & set(name.split("."))]


def text_made_safe(tree: Tree) -> list[str]:
    """SafeString as an annotation is no promise; making one is, and so is handing mark_safe to somebody."""
    found = []
    for module in (module for module in tree.modules.values() if module.unit != "articles.html"):
        calls = {node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
        for node in ast.walk(module.tree):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name == "mark_safe" or (name in MAKES_TEXT_SAFE and node in calls):
                found.append(f"{module.at(node)} makes text safe by {name}")
    return found


def templates_that_trust(root: Path) -> list[str]:
    """A template prints what is safe already; plain-text mail alone has nothing to escape."""
    trusts = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for folder in ("templates", *(f"{app}/templates" for app in (*APPS, PROJECT)))
        for path in sorted((root / folder).rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if trusts.search(line)
    ]


def visibility_by_hand(tree: Tree) -> list[str]:
    """Only Article.objects.published(at) decides what the public sees; the models and the admin may look closer."""
    return [
        f"{module.at(call)} asks for {keyword.arg}"
        for module in tree.modules.values()
        if module.unit not in {"articles.models", "articles.admin", "articles.migrations"}
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and called(call) in QUERYING
        for keyword in call.keywords
        if keyword.arg and VISIBILITY.search(keyword.arg) and about_articles(module, call, keyword.arg)
    ]


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def about_articles(module: Module, call: ast.Call, keyword: str) -> bool:
    """The newsletter's own rows have states of their own."""
    return module.app != "newsletter" or "article" in keyword or "Article" in ast.unparse(call)


# ---------------------------------------------------------------- our tree keeps them

RULES: list[Callable[[Tree], list[str]]] = [
    *(wrong_imports, imports_inside_functions, vague_names, text_made_safe, visibility_by_hand),
]


@pytest.fixture(scope="module")
def ours() -> Tree:
    return Tree(ROOT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_our_modules_keep_the_rule(ours, rule):
    assert rule(ours) == []


def test_our_templates_trust_nothing():
    assert templates_that_trust(ROOT) == []


def test_every_exception_is_still_needed(ours):
    imports = {(module.unit, target.unit) for module in ours.modules.values() for _, target in ours.imports(module)}
    assert set(EXCEPTIONS) <= imports


# ---------------------------------------------------------------- and the rules see what they are for


def tree_of(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


EXAMPLES = {
    "articles/__init__.py": "",
    "articles/html.py": "",
    "articles/addresses.py": "",
    "articles/related.py": "",
    "articles/views.py": "",
    "articles/models/__init__.py": "from articles.models.article import Article",
    "articles/models/article.py": "from articles import addresses",
    "newsletter/models.py": "from articles.models import Article",
    "newsletter/roundup.py": "from articles.related import related_to\nfrom newsletter.models import Issue",
    "magazine/urls.py": "from articles import views",
}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("articles/html.py", "from articles.models import Article"),
        ("articles/addresses.py", "from articles import related"),
        ("articles/models/article.py", "from articles.views import home"),
        ("articles/models/article.py", "from ..related import related_to\nfrom articles.models import Article"),
        ("articles/related.py", "import articles.views"),
        ("articles/related.py", "from articles.forms import ArticleForm"),
        ("articles/related.py", "from articles.search import find"),
        ("articles/related.py", "from newsletter.models import Issue"),
        ("articles/related.py", "from magazine import settings"),
        ("articles/feeds.py", "from articles import views"),
        ("newsletter/tasks.py", "from newsletter.management.commands.send import Command"),
    ],
)
def test_a_wrong_import_is_seen(tmp_path, file, text):
    others = dict.fromkeys(
        ["articles/forms.py", "articles/search.py", "magazine/settings.py", "newsletter/management/commands/send.py"],
        "",
    )
    if "related" in text:
        others["articles/related.py"] = "from articles.models import Article"
    assert len(wrong_imports(tree_of(tmp_path, EXAMPLES | others | {file: text}))) >= 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("articles/addresses.py", "from articles import html"),
        ("articles/related.py", "from articles import html\nfrom articles.models import Article"),
        (
            "articles/html.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from articles.models import Article",
        ),
        ("articles/urls.py", "from articles import views"),
        (
            "articles/admin/article.py",
            "from articles.admin.picture import PictureAdmin\nfrom articles.forms import ArticleForm",
        ),
        ("newsletter/views.py", "from newsletter import roundup\nfrom articles.related import related_to"),
    ],
)
def test_a_right_import_passes(tmp_path, file, text):
    assert wrong_imports(tree_of(tmp_path, EXAMPLES | {"articles/admin/picture.py": "", file: text})) == []


@pytest.mark.parametrize(
    ("rule", "file", "text"),
    [
        (imports_inside_functions, "articles/related.py", "def related_to():\n    import json"),
        (vague_names, "articles/utils.py", ""),
        (text_made_safe, "articles/teasers.py", "from django.utils import safestring\nsafestring.mark_safe('x')"),
        (text_made_safe, "articles/teasers.py", "SafeString('x')"),
        (visibility_by_hand, "articles/views.py", "Article.objects.filter(status='published')"),
        (visibility_by_hand, "articles/related.py", "Q(published_at__lte=at)"),
        (visibility_by_hand, "newsletter/roundup.py", "Article.objects.exclude(status='draft')"),
        (visibility_by_hand, "newsletter/roundup.py", "items.filter(article__status='published')"),
    ],
)
def test_a_broken_rule_is_seen(tmp_path, rule, file, text):
    assert len(rule(tree_of(tmp_path, {file: text}))) == 1


@pytest.mark.parametrize(
    ("rule", "file", "text"),
    [
        (imports_inside_functions, "articles/apps.py", "def ready(self):\n    from articles import checks"),
        (text_made_safe, "articles/html.py", "mark_safe('x')"),
        (text_made_safe, "articles/teasers.py", "def first_paragraphs(body: str) -> SafeString: ..."),
        (visibility_by_hand, "articles/models/article.py", "self.filter(status='published', published_at__lte=at)"),
        (visibility_by_hand, "newsletter/delivery.py", "Delivery.objects.filter(status='sent')"),
    ],
)
def test_what_a_rule_allows_passes(tmp_path, rule, file, text):
    assert rule(tree_of(tmp_path, {file: text})) == []


def test_a_template_that_trusts_is_seen(tmp_path):
    tree_of(tmp_path, {"templates/a.html": "{{ body|safe }}", "templates/mail.txt": "{% autoescape off %}"})
    assert templates_that_trust(tmp_path) == ["templates/a.html:1: {{ body|safe }}"]
