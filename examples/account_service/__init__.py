"""The account code of a small SaaS, with the library inside. Start with service.py; README.md is the map."""
