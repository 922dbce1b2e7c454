"""What templates say, as French is printed."""

from gateway.templating import fixed


def test_no_line_begins_with_a_colon_and_addresses_stay_as_they_are() -> None:
    assert fixed("Enfant : « Léa » ?") == "Enfant\u00a0: «\u00a0Léa\u00a0»\u00a0?"
    assert fixed("<b>Total</b> :<br>") == "<b>Total</b>\u00a0:<br>"
    untouched = '<a href="/absences?du=1&amp;au=2" class="a b">12:30</a>'
    assert fixed(untouched) == untouched
