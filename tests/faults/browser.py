"""What a browser makes of a page: its forms, with what stands in their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form of a page that is sent by POST."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hidden(self) -> dict[str, str]:
        """The fields by name."""
        return dict(self.fields)


class FormReader(HTMLParser):
    """Collects the forms, their hidden fields and what is chosen in their lists."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.chooses = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a hidden field stands in it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = Form(given.get("action", ""))
            self.forms.append(self.open)
        elif tag == "input" and self.open is not None and given.get("type") == "hidden":
            self.open.fields.append((given.get("name", ""), given.get("value", "")))
        elif tag == "select":
            self.chooses = given.get("name", "")
        elif tag == "option" and self.open is not None and self.chooses and "selected" in given:
            self.open.fields.append((self.chooses, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A form or a list ends."""
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.chooses = ""


def forms_of(page: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = FormReader()
    reader.feed(page)
    return reader.forms
