"""Workbooks taken in: understood with a person's help, shown before they count, loaded, and the way kept for next month."""
