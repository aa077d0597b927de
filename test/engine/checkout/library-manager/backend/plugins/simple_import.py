NAME = "simple"
