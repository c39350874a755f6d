"""How fast the application is, as ratios: `make bench` (python -m tests.bench).

Both sides of every ratio are measured in turns, in the same process, on the same server: pages through the real
settings and middleware by Django's test client, so what a network and gunicorn add is in neither. Whoever asks is the
office. A bare view has no decorator, so the middleware asks who is there (session and person), as for every page.
"""
