import markupsafe  # a plugin whose file is no identifier, as some of the knowledge base's
