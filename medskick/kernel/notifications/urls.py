from django.urls import path

from medskick.kernel.notifications import mail_views as mail
from medskick.kernel.notifications import operating_views as operating
from medskick.kernel.notifications import views

urlpatterns = [
    path("meddelanden", views.notifications, name="notifications"),
    path("meddelanden/lasta", views.all_read, name="notifications_read"),
    path("meddelanden/utkorg", operating.outbox, name="outbox"),
    path("mina/bevakningar", views.subscriptions, name="subscriptions"),
    path("mina/bevakningar/avslut", views.stop_all, name="stop_all_subscriptions"),
    path("mina/bevakningar/<uuid:subscription_id>/avslut", views.stop_one, name="stop_subscription"),
    path("mina/meddelandeval", mail.choices, name="mail_choices"),
    path("mina/meddelandeval/adress", mail.own_address, name="own_address"),
    path("mina/meddelandeval/adress/bort", mail.own_address_off, name="own_address_off"),
    path("mejl", mail.leave, name="leave_mail"),
    path("mejl/bekrafta/<str:secret>", mail.confirm, name="confirm_mail"),
    path("mejl/<str:secret>", mail.manage, name="manage_mail"),
    path("mejl/<str:secret>/av", mail.off, name="mail_off"),
    path("arbete/administration/utskick", operating.status, name="mail_status"),
    path("arbete/administration/utskick/om", operating.retry, name="mail_retry"),
    path("arbete/administration/utskick/avsandare", operating.sender, name="mail_sender"),
]
