"""The synthetic demo year: a register with a fixed seed that meets the published counts, and all that a year needs."""
