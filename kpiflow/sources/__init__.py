"""Where measurements come from: one module per source, each ending in the documented tidy form.

Floor 4: knows core and frames.
"""
