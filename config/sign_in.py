"""The forms of signing in: allauth's, with our labels."""

FORMS = {
    "login": "partners.adapter.forms.LoginForm",
    "request_login_code": "partners.adapter.forms.RequestLoginCodeForm",
    "reset_password": "partners.adapter.forms.ResetPasswordForm",
    "reset_password_from_key": "partners.adapter.forms.ResetPasswordKeyForm",
    "change_password": "partners.adapter.forms.ChangePasswordForm",
    "set_password": "partners.adapter.forms.SetPasswordForm",
}
