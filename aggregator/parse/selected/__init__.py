"""A document that is no feed -> entries, by an editor's selectors.

found_fields  what selectors found in an item -> an entry; what they never found, as warnings
json_items    JSON, by JMESPath
page_items    a page or XML, by XPath or CSS

Imported when the first such document is read, and so are the libraries behind it.
"""

from aggregator.parse.selected.json_items import read_selected_json
from aggregator.parse.selected.page_items import read_selected_page

__all__ = ["read_selected_json", "read_selected_page"]
