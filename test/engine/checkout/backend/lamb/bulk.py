NAME = "bulk"
