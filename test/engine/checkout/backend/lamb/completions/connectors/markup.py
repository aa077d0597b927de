from markupsafe import escape

NAME = str(escape("markup"))
