"""Our own conformance checks: every document passes them before it is handed out.

Written from the specifications and independent of the code that writes the documents, so that neither can hide
the other's mistakes. One module per format; each takes bytes and returns faults, whole sentences for people. Which
format is judged by which stands with the format (`format_spec.FormatSpec.faults`).
"""
