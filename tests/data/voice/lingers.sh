#!/bin/sh
# Stands for an espeak-ng that says nothing more and does not end.
exec sleep 1000 >&- 2>&-
