"""Speed and memory, measured as ratios in one run; each file is one command."""
