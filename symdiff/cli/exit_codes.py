"""What the command returns to the shell."""

FINE = 0
STALE = 1  # a file is not what would be written; a tolerance, a proof or a check is not met
MISTAKE = 2  # in the usage, the configuration or the function
INTERRUPTED = 130
