"""Branches without forking: functions whose source is known are rewritten so that both sides of an `if` are traced in
one run and their results chosen between.

`source` finds and compiles, `exits` makes returns and breaks fall through, `rewriting` turns choices into calls of the
runtime (`choices`), which runs the sides and merges what they leave behind (`merging`).
"""
