"""Local stand-ins for all outside services: their wire formats, over loopback, with faults and latency on demand.

Nothing but the command line and tests imports this package; all else meets a stand-in only as a base URL.
Every answer carries the header `x-sandbox: true`, and the data is invented.
"""
