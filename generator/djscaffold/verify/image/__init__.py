"""``verify --build``: the image, built and run with as few rights as a platform gives it."""
