#!/bin/sh
# Stands for an espeak-ng that says something, but no sound.
echo "this is not a sound"
