"""The main job, run on real parts and shown: `make run`."""
