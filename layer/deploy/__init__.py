"""The operator's command: puts the layer into accounts and onto functions, and secrets into SSM.

`pip install 'warmkey[deploy]'`; in that package it is `warmkey.deploy`.
"""
