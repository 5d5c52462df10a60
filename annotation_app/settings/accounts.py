"""Settings of signing in: accounts exist by invitation, and an open session is not the person."""

from annotation_app.settings.env import env

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# Accounts exist by invitation only. Wrong passwords have separate limits
# (annotation_app.web.people.sign_in.limits); those here are for floods and for second factors.
ACCOUNT_ADAPTER = "annotation_app.web.people.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # to sign in; what an unconfirmed address may not do: people.md
# An open session is not proof of the person: addresses, second factors and API tokens ask for the
# password again, and if the site sends mail the old address is notified.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = bool(env.str("EMAIL_URL", default=""))
ACCOUNT_LOGOUT_ON_GET = False
# Counted where requests come from or for who is signed in, never for a name or an address that
# strangers can name, too: theirs would keep its person out. The one key is of second factors, which
# those alone reach who have the password. Mail to one box: web.people.accounts.
ACCOUNT_RATE_LIMITS: dict[str, str] = {
    "login": "120/m/ip",
    "login_failed": "5/300s/key",
    "reset_password": "20/m/ip",
    "request_login_code": "20/m/ip",
    "confirm_email": "10/m/ip",
    "verify_phone": "3/m/ip",
}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "EditJury"
