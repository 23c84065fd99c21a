"""CSS selectors that people type: whether they can be used."""

from __future__ import annotations

from aggregator.yamlfile.types import fault


def check_selector(value: str) -> str:
    """A CSS selector of elements, as `select:` needs it; translated once, as its use will do."""
    from cssselect import HTMLTranslator, SelectorError  # few files hold selectors

    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        reason = str(error).rstrip(".")
        raise fault(f"not a CSS selector of elements: {reason}; write it like article or 'h2 a.title'") from None
    except RecursionError:
        raise fault("this CSS selector is too deep; write it like article or 'h2 a.title'") from None
    return value
