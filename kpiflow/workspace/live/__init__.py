"""Live sources from their pull to their health: fetched, held to the rules of intake, kept, watched."""
