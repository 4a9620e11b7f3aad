"""Questions that HR would want raised before a period is closed, with the rows behind each."""
