"""What the system costs, side by side with the least that such work can cost on this machine: `python -m bench`."""
