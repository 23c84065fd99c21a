"""What the stages cost, as ratios within one run: `make bench`."""
