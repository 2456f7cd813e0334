#!/bin/sh
# Stands for espeak-ng: says what is in the file that is named as its voice, and keeps the text that it was given.
{ cat; echo; } >> "$7.asked"
exec cat "$7"
