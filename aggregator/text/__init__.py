"""The floor that all stages stand on: text of any origin, and nothing that only this program knows.

characters   what may stand in a text, its normal forms, forms for comparison
letters      letters in whatever case and form, for finding words
terms        what a text is found by, in every script
visible      what a reader sees of sanitized HTML
references   `&eacute;` and `&#233;`: resolved, and mended where no parser would take them
redaction    values that must not be told, taken out of whatever holds them
cutting      a text that is too long, cut between words
differences  what changed between two texts, for people; common_words finds what did not
beginnings   the end of a text that goes on elsewhere: dots, "read more", arrows
languages    tags in the form of BCP 47
urls         references -> absolute addresses, to ask for and to show
mistyped     references that can only be mistyped, mended
hosts        names of hosts, in ASCII
wrappers     addresses that only lead on to others, which are written in them
tracking     parameters that only count clicks
permalinks   ids that are URLs -> one form of each, under rules that stay
urlkeys      references -> keys to compare them by, under rules that stay
item_names   how people name an item -> what it may be stored under
sites        whose site an address is on
opted_out    whether a host is one that asked not to be read
namespaces   whose elements are passed on, and under which prefix
recordings   how long sound and film last, and what nothing plays
word_tables  tables of words in source code

Pure: no I/O, no clock, no log.
"""
