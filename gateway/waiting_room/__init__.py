"""The waiting room: past what the machine can serve, newcomers wait their turn, first come first.

Nobody notices it on a normal day. `door` sees when too much is going on, `line` keeps the order,
`visits` knows who is inside, `slots` has requests take turns, `guard` stands before the pages.
"""
