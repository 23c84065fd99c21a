"""Bytes -> text: which characters do the bytes mean?

decode           the order of trust
encoding_labels  what document and header say
utf8             how much of the bytes is UTF-8
plausible        does a reading make sense?
guess            what bytes without a label look like
twice            text that was encoded twice
"""
