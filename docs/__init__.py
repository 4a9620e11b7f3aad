"""What people read about KPIFlow, and the code that writes the part of it that only the code knows for sure."""
