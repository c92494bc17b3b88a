"""Reading a page the way a browser does: where it leads, what it asks, what it would execute."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

DATA_ONLY = {"application/json", "application/ld+json", "text/plain"}
LEADS = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}
TYPED = {"text", "search", "tel", ""}


@dataclass
class Form:
    """A form with the names of its fields and what already stands in them."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What one page contains, as far as the tests of access look at it."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.executable: list[str] = []
        self.foreign_hosts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.judge(tag, values)
        if target := values.get(LEADS.get(tag, "")):
            self.follow(target)
        if tag == "form":
            method = values.get("method", "get").lower()
            self.forms.append(Form(method, urljoin(self.address, values.get("action", ""))))
        elif tag in ("input", "textarea", "select") and self.forms and values.get("name"):
            self.fill(tag, values)

    def judge(self, tag: str, values: dict[str, str]) -> None:
        """Note what a strict policy would have to forbid."""
        if tag == "style":
            self.executable.append("<style>")
        if tag == "script" and "src" not in values and values.get("type") not in DATA_ONLY:
            self.executable.append("<script>")
        for name, value in values.items():
            if name == "style" or (name.startswith("on") and len(name) > 4):
                self.executable.append(f"<{tag} {name}=>")
            if value.strip().lower().startswith("javascript:"):
                self.executable.append(f"<{tag} {name}=javascript:>")

    def follow(self, target: str) -> None:
        """Keep an address of the house; note one that is not."""
        split = urlsplit(urljoin("http://testserver" + self.address, target))
        if split.scheme not in ("http", "https"):
            return
        if split.netloc != "testserver":
            self.foreign_hosts.append(split.netloc)
        else:
            self.links.append(split.path + (f"?{split.query}" if split.query else ""))

    def fill(self, tag: str, values: dict[str, str]) -> None:
        """Remember a field of the form that is open."""
        form = self.forms[-1]
        form.values.setdefault(values["name"], values.get("value", ""))
        if tag == "textarea" or (tag == "input" and values.get("type", "") in TYPED):
            form.typed.append(values["name"])

    def searches(self, words: str) -> list[str]:
        """Addresses of the page's searches for some words."""
        return [
            f"{urlsplit(form.action).path}?{urlencode(form.values | dict.fromkeys(form.typed, words))}"
            for form in self.forms
            if form.method == "get" and form.typed
        ]
