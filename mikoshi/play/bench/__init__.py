"""Gas of what members do, on Mikoshi and on two other kits, measured in one run on one node."""
