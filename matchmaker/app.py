"""The web application: configuration, extensions, blueprints; nothing else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import web
from matchmaker.domain import zones
from matchmaker.extensions import babel, csrf, db, limiter, login, migrate
from matchmaker.paths import PACKAGE, shipped
from matchmaker.settings import Settings, read_settings
from matchmaker.unit_of_work import prepare_engine, watch_sessions
from matchmaker.web import access as gate
from matchmaker.web import errors, incoming, languages, masking, packing, translating
from matchmaker.web.context import add_helpers


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, ready to serve.

    Raises
    ------
    ConfigurationError
        If a setting is wrong, or a route does not say who may use it.
    """
    settings = settings or read_settings()
    zones.refuse_old_edition()
    app = Flask("matchmaker", static_folder=str(PACKAGE / "static"), template_folder=str(shipped("templates")))
    _configure(app, settings)
    incoming.guard(app)
    _extend(app)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    packing.install(app)
    web.register(app)
    errors.register(app)
    translating.install(app)
    add_helpers(app)
    gate.guard(app)
    masking.install()
    return app


def _configure(app: Flask, settings: Settings) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    secure = settings.public_origin.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # names and addresses stay out of the log of faults
        TRUSTED_HOSTS=[urlsplit(origin).hostname for origin in settings.origins],
        SESSION_COOKIE_NAME="matchmaker",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,  # else each style sheet would carry a cookie, and no cache would keep it
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=30),
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_HEADERS_ENABLED=False,
        BABEL_TRANSLATION_DIRECTORIES=str(PACKAGE / "translations"),
        BABEL_DEFAULT_LOCALE="en",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _extend(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(shipped("migrations")), render_as_batch=True)
    babel.init_app(app, locale_selector=languages.choose)
    csrf.init_app(app)
    limiter.init_app(app)
    login.init_app(app, add_context_processor=False)  # a page asks for the account only if it needs it
    login.user_loader(web.load_account)
    watch_sessions()
    with app.app_context():
        prepare_engine(db.engine)
