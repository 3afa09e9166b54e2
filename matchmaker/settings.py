"""What an installation may set, where it is read from, and what each value must be.

A value comes from the environment (``MATCHMAKER_`` and the name in capitals), else from the TOML file
that ``MATCHMAKER_CONFIG`` names, else from the default here. docs/settings.md explains every one.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matchmaker.errors import ConfigurationError

PREFIX = "MATCHMAKER_"
SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Settings:
    data_folder: Path = Path(".data")
    database_url: str = ""  # empty: a SQLite file in the data folder
    secret_key: str = field(default="", repr=False)  # empty: made once and kept in the data folder
    public_origin: str = "http://127.0.0.1:8000"
    local_origin: str = ""
    trusted_proxies: int = 0  # how many of our own stand in front and say who asks
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_security: str = "none"  # none, starttls, tls
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_sender: str = "matchmaker@localhost"
    mail_in_doubt: str = "hold"  # hold, resend: a mail that was being handed over when we died
    mail_paused: bool = False
    mail_to_one_host_a_minute: int = 0  # 0: as many as there are
    mail_to_one_person_a_day: int = 30
    mail_of_one_event_a_day: int = 20_000
    mail_of_a_new_organiser_a_day: int = 2_000
    bounce_folder: str = ""  # a Maildir, or a folder of files, in which reports of what did not arrive are put
    relay_log: str = ""  # the log of a Postfix on this machine
    sign_in_minutes: int = 60
    sign_in_tries_per_hour: int = 10
    run_workers: int = 2
    run_memory_mb: int = 6000
    demo: bool = False  # development pages and the inbox; never on a public machine
    inbox_folder: str = ""  # empty: inbox/ in the data folder

    def __post_init__(self) -> None:
        _check_origin("public_origin", self.public_origin)
        if self.local_origin:
            _check_origin("local_origin", self.local_origin)
        if 0 < len(self.secret_key) < SHORTEST_SECRET:
            wrong = f"{len(self.secret_key)} characters"  # and not which
            raise ConfigurationError("settings", "secret_key", wrong, f"at least {SHORTEST_SECRET}, drawn at random")
        if self.demo and (strange := [origin for origin in self.origins if not _is_loopback(origin)]):
            raise ConfigurationError(
                "settings", "demo", f"on at {strange[0]}", "this machine alone: its inbox shows every sign-in link"
            )
        _check_choice("smtp_security", self.smtp_security, ("none", "starttls", "tls"))
        _check_choice("mail_in_doubt", self.mail_in_doubt, ("hold", "resend"))
        if self.bounce_folder and not Path(self.bounce_folder).is_dir():
            raise ConfigurationError("settings", "bounce_folder", self.bounce_folder, "a folder that is there")
        if self.relay_log and not os.access(self.relay_log, os.R_OK):
            raise ConfigurationError("settings", "relay_log", self.relay_log, "a file that can be read")

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'matchmaker.sqlite'}"

    @property
    def inbox(self) -> Path:
        """Where the development inbox keeps what it received."""
        return Path(self.inbox_folder) if self.inbox_folder else self.data_folder / "inbox"

    @property
    def paper(self) -> Path:
        """Where the worker keeps what is to be printed."""
        return self.data_folder / "paper"

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that links may carry and requests may name."""
        return tuple(origin for origin in (self.public_origin, self.local_origin) if origin)

    @property
    def host(self) -> str:
        """The host of the public origin: the right side of Message-IDs and UIDs."""
        return urlsplit(self.public_origin).hostname or "localhost"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this installation; make and keep a secret key if none is set.

    Raises
    ------
    ConfigurationError
        If the file cannot be read, it or the environment names an unknown setting, or a value is wrong.
    """
    environment = os.environ if environment is None else environment
    named = {name.removeprefix(PREFIX).lower() for name in environment if name.startswith(PREFIX)}
    _refuse_strangers("environment", named - {"config"})
    given = _from_file(environment.get("MATCHMAKER_CONFIG"))
    for name in NAMES:
        if (value := environment.get(PREFIX + name.upper())) is not None:
            given[name] = _typed(name, value, "environment")
    if not given.get("secret_key"):
        given["secret_key"] = _kept_secret(Path(given.get("data_folder", DEFAULTS["data_folder"])))
    return Settings(**given)


def _from_file(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    try:
        data = tomllib.loads(Path(name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(name, "file", str(error), "a readable TOML file") from error
    _refuse_strangers(name, set(data))
    return {key: _typed(key, value, name) for key, value in data.items()}


def _refuse_strangers(file: str, names: set[str]) -> None:
    if strangers := sorted(names - set(NAMES)):
        raise ConfigurationError(file, strangers[0], "no such setting", f"one of {', '.join(NAMES)}")


def _typed(name: str, value: Any, file: str) -> Any:
    kind = type(DEFAULTS[name]) if name != "data_folder" else Path
    if kind is bool and isinstance(value, str) and value.lower() in {"0", "1", "true", "false"}:
        return value.lower() in {"1", "true"}
    if kind is int and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if kind is Path and isinstance(value, str):
        return Path(value)
    if type(value) is not kind:
        expected = {bool: "true or false", int: "a whole number", str: "text", Path: "a folder"}[kind]
        raise ConfigurationError(file, name, f"{value!r}", expected)
    return value


def _kept_secret(folder: Path) -> str:
    """Return the secret of the folder; of several processes that find none, one makes it, and whole."""
    folder.mkdir(parents=True, exist_ok=True)
    file, drawn = folder / "secret", folder / f".secret-{secrets.token_hex(8)}"
    if not file.exists():
        with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(drawn, file)
        drawn.unlink()
    return file.read_text("ascii").strip()


def _is_loopback(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def _check_origin(name: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigurationError("settings", name, f"{value!r}", "an origin such as https://meet.example.org")


def _check_choice(name: str, value: str, admitted: tuple[str, ...]) -> None:
    if value not in admitted:
        raise ConfigurationError("settings", name, f"{value!r}", f"one of {', '.join(admitted)}")


DEFAULTS: Mapping[str, Any] = {item.name: item.default for item in fields(Settings)}
NAMES = tuple(DEFAULTS)
