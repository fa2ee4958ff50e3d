"""Settings → Emails, → Staff and → Activity, for managers."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import activity, emails, staff_member, staff_settings
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]
STAFF = "/settings/staff"
MEMBER = f"{STAFF}/{{member}}"
ACTIVITY = "/settings/activity"
EMAILS = "/settings/emails"

STAFF_SETTINGS = [
    Route(STAFF, staff(staff_settings.staff_page, roles=MANAGER)),
    *(Route(f"{STAFF}/{noun}", staff(staff_settings.lead_back, roles=MANAGER)) for noun in staff_settings.POSTED),
    Route(f"{STAFF}/invitations", staff(staff_settings.invite, roles=MANAGER), methods=["POST"]),
    Route(f"{STAFF}/sign-in", staff(staff_settings.save_sign_in, roles=MANAGER), methods=["POST"]),
    Route(MEMBER, staff(staff_member.member_page, roles=MANAGER)),
    Route(MEMBER, staff(staff_member.save, roles=MANAGER), methods=["POST"]),
    *(Route(f"{MEMBER}/{noun}", staff(staff_member.lead_back, roles=MANAGER)) for noun in staff_member.POSTED),
    Route(f"{MEMBER}/invitation", staff(staff_member.invite_again, roles=MANAGER), methods=["POST"]),
    Route(f"{MEMBER}/suspension", staff(staff_member.disable, roles=MANAGER), methods=["POST"]),
    Route(f"{MEMBER}/suspension/removal", staff(staff_member.enable, roles=MANAGER), methods=["POST"]),
    Route(f"{MEMBER}/sign-out", staff(staff_member.sign_out, roles=MANAGER), methods=["POST"]),
    Route(f"{MEMBER}/second-factor/removal", staff(staff_member.reset_second_factor, roles=MANAGER), methods=["POST"]),
    Route(f"{MEMBER}/devices/removal", staff(staff_member.forget_device, roles=MANAGER), methods=["POST"]),
    Route(ACTIVITY, staff(activity.activity_page, roles=MANAGER)),
    Route(f"{ACTIVITY}/export", staff(activity.lead_back, roles=MANAGER)),
    Route(f"{ACTIVITY}/export", staff(activity.export, roles=MANAGER), methods=["POST"]),
    Route(EMAILS, staff(emails.emails_page, roles=MANAGER)),
    Route(f"{EMAILS}/preview", staff(emails.preview, roles=MANAGER)),
    *(Route(f"{EMAILS}/{noun}", staff(emails.lead_back, roles=MANAGER)) for noun in emails.POSTED),
    Route(f"{EMAILS}/recipients", staff(emails.save_recipients, roles=MANAGER), methods=["POST"]),
    Route(f"{EMAILS}/content", staff(emails.save_content, roles=MANAGER), methods=["POST"]),
    Route(f"{EMAILS}/test", staff(emails.send_test, roles=MANAGER), methods=["POST"]),
    Route(f"{EMAILS}/mails/{{mail}}/sending", staff(emails.lead_back_from_mail, roles=MANAGER)),
    Route(f"{EMAILS}/mails/{{mail}}/sending", staff(emails.send_again, roles=MANAGER), methods=["POST"]),
]
