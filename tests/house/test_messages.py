"""Every marked sentence stands in the catalogue for translation."""

from portal.messages import gathered, kept, missing_from


def test_the_catalogue_knows_every_sentence_of_code_and_templates() -> None:
    assert missing_from(kept()) == [], "python3 manage.py gather_messages"


def test_a_sentence_that_is_not_in_the_catalogue_is_found() -> None:
    known = gathered()
    known.delete("受理")
    assert missing_from(known) == ["受理"]
