"""How fast it is, as ratios within one run. `make bench` prints them; README.md beside this file says what is measured."""
