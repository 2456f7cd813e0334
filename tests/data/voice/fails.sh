#!/bin/sh
# Stands for an espeak-ng that fails and says why.
echo "Error: no such voice." >&2
echo "And more." >&2
exit 1
