import pytest  # not in the image, and not imported by the server
