"""Where goals will end: forecasts, what is still needed, and what an end would mean for score and pay."""
