#!/bin/sh
# Stands for an espeak-ng that never ends, nor does what it started: their ids go to the file that is named as its voice.
sleep 1000 &
echo "$$ $!" >> "$7"
wait
