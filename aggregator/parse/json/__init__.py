"""A feed in JSON, however broken -> ParsedFeed.

broken_json        JSON that may be broken: all of it, else what can be read of it
extension_objects  elements of other namespaces, as our own documents write them
feed               JSON Feed's shapes -> ours
lists              the lists of JSON that is no feed, told to an editor
"""
