"""The command line: parses, asks the workspace, and prints; no rule lives here.

Floor 7. Results go to stdout, narration and progress to stderr.
"""
