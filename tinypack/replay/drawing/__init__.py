"""The picture of a replay, by matplotlib: imported only where one is drawn."""
