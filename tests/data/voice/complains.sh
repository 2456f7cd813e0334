#!/bin/sh
# Stands for an espeak-ng that cannot say a text and tells that at length.
read -r text
printf 'Error: cannot say %s %01000d\n' "$text" 0 >&2
exit 1
