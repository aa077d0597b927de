NAME = "markup"


def import_page(text):
    from markupsafe import escape  # where it is used, as in the real one

    return escape(text)
