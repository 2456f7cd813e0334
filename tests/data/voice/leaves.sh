#!/bin/sh
# Stands for an espeak-ng that leaves something running, which holds its output: its id goes beside the file that is
# named as its voice, and that is what it says.
sleep 1000 &
echo "$!" > "$7.left"
exec cat "$7"
