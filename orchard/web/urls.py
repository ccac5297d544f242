"""The pages, desk by desk."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("orchard.web.account.urls")),
    path("invitation/", include("orchard.web.account.invitation_urls")),
    path("me/", include("orchard.web.account.profile_urls")),
    path("accounts/", include("orchard.web.marketing.accounts.urls")),
    path("orchard/", include("orchard.web.marketing.orchard.urls")),
    path("campaigns/", include("orchard.web.marketing.campaigns.urls")),
    path("programs/", include("orchard.web.marketing.programs.urls")),
    path("segments/", include("orchard.web.marketing.segments.urls")),
    path("reports/", include("orchard.web.together.reports.urls")),
    path("weekly/", include("orchard.web.together.weekly.urls")),
    path("search/", include("orchard.web.together.search_urls")),
    path("agreement/", include("orchard.web.together.urls")),
    path("tasks/", include("orchard.web.sales.task_urls")),
    path("notes/", include("orchard.web.together.note_urls")),
    path("files/", include("orchard.web.together.file_urls")),
    path("notices/", include("orchard.web.account.notice_urls")),
    path("today/", include("orchard.web.sales.today_urls")),
    path("basket/", include("orchard.web.sales.urls")),
    path("opportunities/", include("orchard.web.sales.opportunity_urls")),
    path("leads/", include("orchard.web.sales.lead_urls")),
    path("contacts/", include("orchard.web.marketing.contacts.urls")),
    path("fields/", include("orchard.web.marketing.fields.urls")),
    path("imports/", include("orchard.web.marketing.imports.urls")),
    path("manage/", include("orchard.web.manage.urls")),
    path("views/", include("orchard.web.lists.urls")),
    path("ui/", include("orchard.web.ui.urls")),
]
