"""GET /health, /settings and the key set: what the service says about itself."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth.call import Call

VERSION = "v2.99.0"  # the release whose behaviour this package follows
PROVIDERS_OFF = (
    *("anonymous_users", "apple", "azure", "bitbucket", "discord", "facebook", "snapchat"),
    *("figma", "fly", "github", "gitlab", "google", "keycloak", "kakao", "linkedin"),
    *("linkedin_oidc", "notion", "spotify", "slack", "slack_oidc", "workos", "twitch"),
    *("twitter", "phone", "zoom"),
)


async def health(call: Call) -> Response:
    await call.connection.execute("select 1")
    return JSONResponse(
        {
            "version": VERSION,
            "name": "GoTrue",
            "description": "GoTrue is a user registration and authentication API",
        }
    )


async def settings(call: Call) -> Response:
    """By which ways people sign in here, whatever else is switched on in the project."""
    config = call.project.config.auth
    email = config.flag("external_email_enabled")
    return JSONResponse(
        {
            "external": {**dict.fromkeys(PROVIDERS_OFF, False), "email": email},
            "disable_signup": config.flag("disable_signup"),
            "mailer_autoconfirm": config.flag("mailer_autoconfirm"),
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
            "saml_private_key_next_configured": False,
            "passkeys_enabled": False,
        }
    )


async def key_set(_: Call) -> Response:
    """Empty: the project signs with a shared secret, which is never published."""
    return JSONResponse({"keys": []})
