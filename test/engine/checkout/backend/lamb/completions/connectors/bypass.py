NAME = "bypass"
