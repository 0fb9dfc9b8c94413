"""The 18 schemes, one file each. Each reads like its regulation. START READING HERE."""
