"""The synthetic demo year: a register with a fixed seed that meets the published counts, and all that a year needs.

What is published and met: the settled of 2014 to 2017 by category, families, the unaccompanied minors and their
municipalities, 36 from institutions, 548 beyond the requests, 1 379 disability claims, all appropriations and accounts.
What is assumed: the cohort of 2013 (`SETTLED_2013_ASSUMED`), ages, days and places, moves and deaths, families with a
grant of three years, how costs and sectors spread. Each assumption is a named constant or stands beside its line.

How far the computed sums lie from the published ones, in million kroner, when the national year is run on all of it:

    0496/60  paid  9 140.7  published 12 100.6  appropriated 12 102.7
             (integration 8 545.3, disability 550.1, extra settlement 27.4, extra institution 18.0)
    0496/61  paid  3 296.2  published  3 290.2  appropriated  3 347.4
             (due 3 281.7; the rest was paid before a move became known, and is carried into 2018)

What becomes known after the last runs (28.0 on integration, 2.7 on unaccompanied minors) is for the runs of 2018.
Post 60 is a quarter below. No free assumption can close that: the cohort of 2013 gives at most 70 500 kroner a person
and would have to be seven times as large. The published counts of settled refugees are probably not all for whom the
grant was given; the sources do not say.
"""
