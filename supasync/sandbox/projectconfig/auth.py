"""Settings of Auth: their defaults in a new project, and what may be sent to change them.

Names and limits: AuthConfigResponse and UpdateAuthConfigBody of the OpenAPI document. Defaults: a
project's recorded answer (supabase/cli, apps/cli-e2e/fixtures); where its owner had changed them,
those of the service.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

_SOCIAL: Final = (
    *("apple", "azure", "bitbucket", "discord", "facebook", "figma", "github", "gitlab"),
    *("google", "kakao", "keycloak", "linkedin_oidc", "notion", "slack", "slack_oidc"),
    *("spotify", "twitch", "twitter", "x", "zoom"),
)
_HOOKS: Final = (
    *("after_user_created", "before_user_created", "custom_access_token"),
    *("mfa_verification_attempt", "password_verification_attempt", "send_email", "send_sms"),
)
_SUBJECTS: Final[Mapping[str, str]] = {
    "confirmation": "Confirm Your Signup",
    "email_change": "Confirm Email Change",
    "invite": "You have been invited",
    "magic_link": "Your Magic Link",
    "reauthentication": "Confirm Reauthentication",
    "recovery": "Reset Your Password",
}
_NOTIFICATIONS: Final[Mapping[str, str]] = {
    "password_changed": "Your password has been changed",
    "email_changed": "Your email address has been changed",
    "phone_changed": "Your phone number has been changed",
    "mfa_factor_enrolled": "A new MFA factor has been enrolled",
    "mfa_factor_unenrolled": "An MFA factor has been unenrolled",
    "identity_linked": "A new identity has been linked",
    "identity_unlinked": "An identity has been unlinked",
}
_OFF: Final = (
    *("custom_oauth_enabled", "disable_signup", "external_anonymous_users_enabled"),
    *("external_google_skip_nonce_check", "external_phone_enabled", "external_workos_enabled"),
    *("external_web3_ethereum_enabled", "external_web3_solana_enabled"),
    *("mailer_allow_unverified_email_sign_ins", "mailer_autoconfirm"),
    *("mfa_phone_enroll_enabled", "mfa_phone_verify_enabled"),
    *("mfa_web_authn_enroll_enabled", "mfa_web_authn_verify_enabled"),
    *("nimbus_oauth_email_optional", "oauth_server_allow_dynamic_registration"),
    *("oauth_server_enabled", "passkey_enabled", "password_hibp_enabled"),
    *("saml_allow_encrypted_assertions", "saml_enabled", "security_captcha_enabled"),
    *("security_manual_linking_enabled", "security_sb_forwarded_for_enabled"),
    *("security_update_password_require_reauthentication", "sessions_single_per_user"),
    "sms_autoconfirm",
)
_ON: Final = (
    *("external_email_enabled", "mailer_secure_email_change_enabled"),
    *("mfa_totp_enroll_enabled", "mfa_totp_verify_enabled", "refresh_token_rotation_enabled"),
)
_UNSET: Final = (
    *("external_apple_additional_client_ids", "external_azure_url", "external_gitlab_url"),
    *("external_google_additional_client_ids", "external_keycloak_url"),
    *("external_workos_client_id", "external_workos_secret", "external_workos_url"),
    *("nimbus_oauth_client_id", "nimbus_oauth_client_secret", "oauth_server_authorization_path"),
    *("saml_external_url", "security_captcha_secret", "sessions_tags"),
    *("sms_messagebird_access_key", "sms_messagebird_originator", "sms_test_otp"),
    *("sms_test_otp_valid_until", "sms_textlocal_api_key", "sms_textlocal_sender"),
    *("sms_twilio_account_sid", "sms_twilio_auth_token", "sms_twilio_content_sid"),
    *("sms_twilio_message_service_sid", "sms_twilio_verify_account_sid"),
    *("sms_twilio_verify_auth_token", "sms_twilio_verify_message_service_sid"),
    *("sms_vonage_api_key", "sms_vonage_api_secret", "sms_vonage_from"),
    *("smtp_admin_email", "smtp_host", "smtp_pass", "smtp_port", "smtp_sender_name", "smtp_user"),
    *("webauthn_rp_display_name", "webauthn_rp_id", "webauthn_rp_origins"),
)
_TEXTS: Final[Mapping[str, str]] = {
    "mfa_phone_template": "Your code is {{ .Code }}",
    "site_url": "http://localhost:3000",
    "sms_template": "Your code is {{ .Code }}",
    "uri_allow_list": "",
    **{f"mailer_subjects_{name}": text for name, text in _SUBJECTS.items()},
    **{f"mailer_subjects_{name}_notification": text for name, text in _NOTIFICATIONS.items()},
    **{
        f"mailer_templates_{name}_content": f"<h2>{text}</h2>\n\n<p>{{{{ .ConfirmationURL }}}}</p>"
        for name, text in _SUBJECTS.items()
    },
    **{
        f"mailer_templates_{name}_notification_content": f"<h2>{text}</h2>"
        for name, text in _NOTIFICATIONS.items()
    },
}
_CHOICES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "db_max_pool_size_unit": ("connections", ("connections", "percent")),
    "password_required_characters": (
        "",
        (
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789",
            "abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789",
            "abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789:"
            "!@#$%^&*()_+-=[]{};'\\\\:\"|<>?,./`~",
            "",
        ),
    ),
    "security_captcha_provider": ("hcaptcha", ("turnstile", "hcaptcha")),
    "sms_provider": ("twilio", ("messagebird", "textlocal", "twilio", "twilio_verify", "vonage")),
}
_INT2: Final = 32_767
_INT4: Final = 2_147_483_647
_NUMBERS: Final[Mapping[str, tuple[int, int | None, int | None]]] = {
    "api_max_request_duration": (10, None, None),
    "custom_oauth_max_providers": (3, None, None),
    "db_max_pool_size": (10, None, None),
    "jwt_exp": (3600, 0, 604_800),
    "mailer_otp_exp": (3600, 0, _INT4),
    "mailer_otp_length": (6, 6, 10),
    "mfa_max_enrolled_factors": (10, 0, _INT4),
    "mfa_phone_max_frequency": (5, 0, _INT2),
    "mfa_phone_otp_length": (6, 0, _INT2),
    "password_min_length": (6, 6, _INT2),
    "rate_limit_anonymous_users": (30, 1, _INT4),
    "rate_limit_email_sent": (2, 1, _INT4),
    "rate_limit_otp": (30, 1, _INT4),
    "rate_limit_sms_sent": (30, 1, _INT4),
    "rate_limit_token_refresh": (150, 1, _INT4),
    "rate_limit_verify": (30, 1, _INT4),
    "rate_limit_web3": (30, 1, _INT4),
    "security_refresh_token_reuse_interval": (10, 0, _INT4),
    "sessions_inactivity_timeout": (0, 0, None),
    "sessions_timebox": (0, 0, None),
    "sms_max_frequency": (5, 0, _INT2),
    "sms_otp_exp": (60, 0, _INT4),
    "sms_otp_length": (6, 0, _INT2),
    "smtp_max_frequency": (60, 0, _INT2),
}
_FRACTIONS: Final = frozenset({"sessions_inactivity_timeout", "sessions_timebox"})
_PATTERNS: Final[Mapping[str, str]] = {
    "saml_external_url": "^[^,]+$",
    "sessions_tags": r"^\s*([a-zA-Z0-9_-]+(\s*,+\s*)?)*\s*$",
    "site_url": "^[^,]+$",
    "sms_test_otp": "^([0-9]{1,15}=[0-9]+,?)*$",
}
_READ_ONLY: Final = frozenset(
    {"custom_oauth_max_providers", "nimbus_oauth_email_optional", "saml_allow_encrypted_assertions"}
)
_NEVER_NULL: Final = frozenset(
    {"custom_oauth_enabled", "mailer_otp_exp", "passkey_enabled", "sms_otp_length"}
)

DEFAULTS: Final[Mapping[str, bool | int | str | None]] = {
    **dict.fromkeys(_OFF, False),
    **dict.fromkeys(_ON, True),
    **dict.fromkeys(_UNSET, None),
    **{f"external_{name}_enabled": False for name in _SOCIAL},
    **{f"external_{name}_email_optional": False for name in _SOCIAL},
    **{f"external_{name}_client_id": None for name in _SOCIAL},
    **{f"external_{name}_secret": None for name in _SOCIAL},
    **{f"hook_{name}_enabled": False for name in _HOOKS},
    **{f"hook_{name}_uri": None for name in _HOOKS},
    **{f"hook_{name}_secrets": None for name in _HOOKS},
    **{f"mailer_notifications_{name}_enabled": False for name in _NOTIFICATIONS},
    **_TEXTS,
    **{name: default for name, (default, _) in _CHOICES.items()},
    **{name: default for name, (default, _, _) in _NUMBERS.items()},
}
SECRETS: Final = frozenset(
    {name for name in DEFAULTS if name.endswith(("_secret", "_secrets", "_auth_token"))}
    | {"smtp_pass", "sms_messagebird_access_key", "sms_textlocal_api_key", "sms_vonage_api_key"}
)


def _field(name: str) -> tuple[Any, None]:
    kind: Any
    if name in _CHOICES:
        kind = Literal[_CHOICES[name][1]]
    elif name in _NUMBERS:
        _, least, most = _NUMBERS[name]
        number = float if name in _FRACTIONS else int
        kind = Annotated[number, Field(ge=least, le=most)]
    elif isinstance(DEFAULTS[name], bool):
        kind = bool
    else:
        kind = Annotated[str, Field(pattern=_PATTERNS.get(name))]
    return (kind if name in _NEVER_NULL else kind | None), None


_FIELDS: Final[dict[str, Any]] = {name: _field(name) for name in DEFAULTS if name not in _READ_ONLY}
UpdateAuthConfig: type[BaseModel] = create_model(
    "UpdateAuthConfig", __config__=ConfigDict(strict=True), **_FIELDS
)


def masked(value: str, ref: str) -> str:
    """A secret as the platform shows it: its HMAC-SHA256 under the project's ref (which the
    official CLI computes to compare: supabase/cli, pkg/config/secret.go)."""
    return hmac.new(ref.encode(), value.encode(), hashlib.sha256).hexdigest()


class AuthConfig:
    """The settings of one project's Auth. A setting that was set to null has its default."""

    def __init__(self, changes: Mapping[str, Any]) -> None:
        self._changes = changes

    def shown(self) -> dict[str, Any]:
        return {**DEFAULTS, **self._changes}

    def flag(self, name: str) -> bool:
        return bool(self._value(name))

    def number(self, name: str) -> int:
        return int(self._value(name))

    def text(self, name: str) -> str:
        return str(self._value(name) or "")

    def _value(self, name: str) -> Any:
        value = self._changes.get(name)
        return DEFAULTS[name] if value is None else value
