"""Our own conformance checks: every document passes them before it is handed out.

Written from the specifications and independent of the code that writes the documents, so that neither can hide
the other's mistakes. One module per format (`atom`, `rss`, `jsonfeed`); each takes bytes and returns faults, in
whole sentences. Which format is judged by which stands with the format (`FormatSpec.faults`). `extensions` judges
elements of other namespaces in both XML formats. `values` has what they share: what a date, an address, a size
must look like.
"""
