"""The pages: FastAPI and Jinja2. They know a framework and hold no rule."""
