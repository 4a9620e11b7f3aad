"""Speed: a synthetic company, the main job, and what it is measured against; run by `python -m bench`."""
