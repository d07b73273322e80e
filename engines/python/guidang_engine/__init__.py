"""The speech server of Guidang: see server.py."""
