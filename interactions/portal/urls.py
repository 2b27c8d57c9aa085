from django.urls import path

from interactions.portal import (
    approvals,
    bank_account,
    changes,
    desk,
    documents,
    drafting,
    page,
    raising,
    record,
    replying,
    sharing,
)

app_name = "portal-interactions"

urlpatterns = [
    path("", desk.home, name="home"),
    path("interactions/", desk.interaction_list, name="list"),
    path("interactions/new/", raising.types, name="types"),
    path("interactions/new/<slug:code>/", raising.new, name="new"),
    path("interactions/new/<slug:code>/draft/", raising.keep, name="keep_draft"),
    path("interactions/new/drafts/<int:draft_id>/discard/", drafting.discard, name="discard_draft"),
    path("interactions/<str:number>/", page.page, name="page"),
    path("interactions/<str:number>/answer/", replying.answer, name="answer"),
    path("interactions/<str:number>/changes/", changes.ask, name="ask_change"),
    path("interactions/<str:number>/changes/<int:change_id>/withdraw/", changes.withdraw, name="withdraw_change"),
    path("interactions/<str:number>/move/", replying.move, name="move"),
    path("interactions/<str:number>/record/", record.proof, name="record"),
    path("interactions/<str:number>/record/download/", record.download, name="record_download"),
    path("interactions/<str:number>/sharing/", sharing.share, name="share"),
    path("interactions/<str:number>/files/<int:file_id>/", page.file, name="file"),
    path("documents/", documents.document_list, name="documents"),
    path("organisation/approvals/", approvals.approvals, name="approvals"),
    path("organisation/bank-account/", bank_account.bank_account, name="bank_account"),
    path("organisation/bank-account/withdraw/", bank_account.withdraw_account, name="withdraw_account"),
]
