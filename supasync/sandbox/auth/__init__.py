"""The Auth API of a project, over the tables of its schema auth.

A twin of Supabase Auth (GoTrue): e-mail users, passwords, one-time tokens, sessions, and the
administration of all that. It sends no mail and knows no phone, anonymous or external sign-in, as a
new project does not. Of the project's settings it goes by disable_signup, external_email_enabled,
jwt_exp, mailer_autoconfirm, mailer_otp_exp, password_min_length, security_captcha_enabled and
site_url.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from supasync.sandbox.auth import account, info, login, signup, verify
from supasync.sandbox.auth.admin import create, links, listing, update, users
from supasync.sandbox.auth.call import GetProject, Handler, endpoint

PREFIX = "/auth/v1"
HANDLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/health", info.health),
    ("GET", "/settings", info.settings),
    ("POST", "/token", login.token),
    ("POST", "/signup", signup.signup),
    ("POST", "/otp", signup.one_time_password),
    ("POST", "/magiclink", signup.magic_link),
    ("POST", "/verify", verify.verify),
    ("GET", "/user", account.get_user),
    ("PUT", "/user", account.update_user),
    ("POST", "/logout", account.logout),
    ("POST", "/invite", links.invite),
    ("POST", "/admin/generate_link", links.generate_link),
    ("GET", "/admin/users", listing.list_users),
    ("POST", "/admin/users", create.create_user),
    ("GET", "/admin/users/{user_id}", users.get_user),
    ("PUT", "/admin/users/{user_id}", update.update_user),
    ("DELETE", "/admin/users/{user_id}", users.delete_user),
)
KEYLESS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/verify", verify.follow_link),
    ("GET", "/.well-known/jwks.json", info.key_set),
)


def routes(get_project: GetProject) -> list[BaseRoute]:
    """The routes of the API, to be mounted where the path has given `ref`."""
    return [
        Route(PREFIX + path, endpoint(get_project, handler, keyless=keyless), methods=[method])
        for keyless, handlers in ((False, HANDLERS), (True, KEYLESS))
        for method, path, handler in handlers
    ]
