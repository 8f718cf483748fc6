"""Settings of Auth. Names: AuthConfigResponse of the Management API's OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from supasync.copyable.direction import (
    GREATER,
    LONGER,
    MORE,
    NEITHER,
    OFF,
    ON,
    SMALLER,
    Direction,
    ranked,
)

_SOCIAL: Final = (
    *("apple", "azure", "bitbucket", "discord", "facebook", "figma", "github", "gitlab"),
    *("google", "kakao", "keycloak", "linkedin_oidc", "notion", "slack", "slack_oidc"),
    *("spotify", "twitch", "twitter", "workos", "x", "zoom"),
)
_MAILS: Final = (
    *("confirmation", "email_change", "invite", "magic_link", "reauthentication", "recovery"),
)
_NOTIFICATIONS: Final = (
    *("password_changed", "email_changed", "phone_changed", "mfa_factor_enrolled"),
    *("mfa_factor_unenrolled", "identity_linked", "identity_unlinked"),
)
_PROTECTIONS: Final = (
    *("disable_signup", "mailer_secure_email_change_enabled", "password_hibp_enabled"),
    *("mfa_phone_enroll_enabled", "mfa_phone_verify_enabled", "mfa_totp_enroll_enabled"),
    *("mfa_totp_verify_enabled", "mfa_web_authn_enroll_enabled", "mfa_web_authn_verify_enabled"),
    *("refresh_token_rotation_enabled", "security_captcha_enabled", "sessions_single_per_user"),
    "security_update_password_require_reauthentication",
    *(f"mailer_notifications_{name}_enabled" for name in _NOTIFICATIONS),
)
_OPENINGS: Final = (
    *("custom_oauth_enabled", "external_anonymous_users_enabled", "external_email_enabled"),
    *("external_google_skip_nonce_check", "external_phone_enabled"),
    *("external_web3_ethereum_enabled", "external_web3_solana_enabled"),
    *("mailer_allow_unverified_email_sign_ins", "mailer_autoconfirm", "sms_autoconfirm"),
    *("oauth_server_allow_dynamic_registration", "oauth_server_enabled", "passkey_enabled"),
    *("saml_enabled", "security_manual_linking_enabled", "security_sb_forwarded_for_enabled"),
    *(f"external_{name}_enabled" for name in _SOCIAL),
    *(f"external_{name}_email_optional" for name in _SOCIAL if name != "workos"),
)
_GREATER_IS_SAFER: Final = (
    *("mailer_otp_length", "mfa_max_enrolled_factors", "mfa_phone_max_frequency"),
    *("mfa_phone_otp_length", "password_min_length", "sms_max_frequency", "sms_otp_length"),
    "smtp_max_frequency",
)
_SMALLER_IS_SAFER: Final = (
    *("jwt_exp", "mailer_otp_exp", "security_refresh_token_reuse_interval", "sms_otp_exp"),
    *("rate_limit_anonymous_users", "rate_limit_email_sent", "rate_limit_otp"),
    *("rate_limit_sms_sent", "rate_limit_token_refresh", "rate_limit_verify", "rate_limit_web3"),
)
_TEXTS: Final = (
    *("mfa_phone_template", "site_url", "sms_template"),
    *(f"mailer_subjects_{name}" for name in _MAILS),
    *(f"mailer_subjects_{name}_notification" for name in _NOTIFICATIONS),
    *(f"mailer_templates_{name}_content" for name in _MAILS),
    *(f"mailer_templates_{name}_notification_content" for name in _NOTIFICATIONS),
)
_CHARACTERS: Final = (
    "",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789",
    "abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789",
    "abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789:"
    "!@#$%^&*()_+-=[]{};'\\\\:\"|<>?,./`~",
)

RULES: Final[Mapping[str, Direction]] = {
    **dict.fromkeys(_PROTECTIONS, OFF),
    **dict.fromkeys(_OPENINGS, ON),
    **dict.fromkeys(_GREATER_IS_SAFER, SMALLER),
    **dict.fromkeys(_SMALLER_IS_SAFER, GREATER),
    **dict.fromkeys(("sessions_inactivity_timeout", "sessions_timebox"), LONGER),
    "password_required_characters": ranked(_CHARACTERS, "fewer kinds of characters"),
    "uri_allow_list": MORE,
    **dict.fromkeys(_TEXTS, NEITHER),
}
_SECRET = re.compile(r"(_secrets?|_auth_token|_access_key|_api_key|\bsmtp_pass)\Z")
_CALLS_OUT = re.compile(r"hook_|smtp_(?!max_frequency)|sms_(messagebird|textlocal|twilio|vonage)_")


def is_secret(name: str) -> bool:
    """By its name: the platform adds settings."""
    return _SECRET.search(name) is not None


def calls_out(name: str) -> bool:
    """Whether it is about a server that is not the project's own."""
    return _CALLS_OUT.match(name) is not None
