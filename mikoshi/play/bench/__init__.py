"""Gas of what members do, on Mikoshi and on the ordinary kit, measured in one run on one node."""
