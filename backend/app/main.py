"""`uvicorn app.main:app`: the application, configured by the environment."""

from app import logs, settings
from app.application import create_app
from app.lifecycle import Lifecycle

configuration = settings.load(settings.Settings)
logs.configure(configuration.log_level)
lifecycle = Lifecycle()
app = create_app(configuration, lifecycle)
