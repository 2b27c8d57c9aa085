"""The console's pages of interactions; an interaction's address is its number."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from interactions.console import (
    absences,
    approvals,
    arranging,
    attention,
    belonging,
    bulk,
    calls,
    changes,
    conversation,
    dates,
    details,
    drafting,
    files,
    marking,
    menu,
    moves,
    newcomers,
    order_lines,
    page,
    peek,
    presence,
    promises,
    queue,
    raising,
    recipients,
    record,
    saved_views,
    search,
    sheets,
    steps,
    triage,
    work,
)

app_name = "console-interactions"


class NumberConverter:
    """BPI-0000123 in an address, its id in the view."""

    regex = "BPI-[0-9]{7,18}"

    def to_python(self, value: str) -> int:
        return int(value[4:])

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "interaction")

ONE = "interactions/<interaction:number>/"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="console-interactions:my_work")),
    path("work/", work.my_work, name="my_work"),
    path("work/day/", work.today, name="day"),
    path("work/board/", work.board, name="board"),
    path("work/load/", work.load, name="load"),
    path("mentions/", attention.mentioned, name="mentions"),
    path("people/", attention.people, name="people"),
    path("queue/", queue.queue, name="queue"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/lines/", bulk.lines, name="batch_lines"),
    path("queue/bulk/<int:batch_id>/", bulk.batch, name="batch"),
    path("queue/bulk/<int:batch_id>/seen/", bulk.seen, name="see_batch"),
    path("queue/bulk/<int:batch_id>/undo/", bulk.take_back, name="take_back_batch"),
    path("queue/mark/", marking.mark, name="marking"),
    path("queue/changes/", queue.changes, name="queue_changes"),
    path("queue/look/", arranging.look, name="queue_look"),
    path("queue/views/new/", saved_views.new, name="new_view"),
    path("queue/views/<int:view_id>/", saved_views.edit, name="view"),
    path("queue/views/<int:view_id>/<slug:verb>/", saved_views.act, name="view_act"),
    path("search/", search.find, name="search"),
    path("search/menu/", menu.menu, name="menu"),
    path("calls/new/", calls.log_call, name="log_call"),
    path("calls/new/verify/", calls.verify, name="verify_caller"),
    path("raise/", raising.raise_matter, name="raise"),
    path("triage/", triage.triage, name="triage"),
    path("triage/newcomers/<int:partner_id>/", newcomers.newcomer, name="newcomer"),
    path("triage/<int:message_id>/", triage.message, name="message"),
    path("triage/<int:message_id>/accept/", triage.accept, name="accept"),
    path("triage/<int:message_id>/reject/", triage.reject, name="reject"),
    path("triage/<int:message_id>/original/", files.original, name="original"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:absence_id>/withdraw/", absences.withdraw, name="withdraw_absence"),
    path("files/<int:attachment_id>/", files.download, name="file"),
    path("files/<int:attachment_id>/look/", files.look, name="look_at_file"),
    path("files/<int:attachment_id>/image/", files.image, name="file_image"),
    path("files/<int:attachment_id>/pdf/", files.pdf, name="file_pdf"),
    path("files/<int:attachment_id>/mail/", files.mail, name="file_mail"),
    path("interactions/", RedirectView.as_view(pattern_name="console-interactions:queue"), name="interactions"),
    path(ONE, page.page, name="page"),
    path(ONE + "peek/", peek.peek, name="peek"),
    path(ONE + "promises/", promises.promises, name="promises"),
    path(ONE + "promises/<int:clock_id>/", promises.promise, name="promise"),
    path(ONE + "move/<slug:code>/", moves.move, name="move"),
    path(ONE + "watch/", attention.watch, name="watch"),
    path(ONE + "seen/", attention.seen, name="seen"),
    path(ONE + "record/", record.proof, name="record"),
    path(ONE + "record/download/", record.download, name="record_download"),
    path(ONE + "history/<slug:field>/", record.history, name="history"),
    path(ONE + "sheets/<slug:name>/", sheets.sheet, name="sheet"),
    path(ONE + "say/", conversation.say, name="say"),
    path(ONE + "replies/<int:draft_id>/take-back/", conversation.take_back, name="take_back"),
    path(ONE + "draft/", drafting.keep, name="draft"),
    path(ONE + "draft/files/", drafting.attach, name="draft_files"),
    path(ONE + "draft/files/<int:file_id>/remove/", drafting.detach, name="remove_draft_file"),
    path(ONE + "recipients/", recipients.find, name="recipients"),
    path(ONE + "presence/", presence.beat, name="presence"),
    path(ONE + "snippets/", drafting.offer, name="snippets"),
    path(ONE + "date/", dates.move, name="move_date"),
    path(ONE + "assign/", moves.assign, name="assign"),
    path(ONE + "hand-over/", moves.hand_over, name="hand_over"),
    path(ONE + "changes/<int:change_id>/decide/", changes.decide, name="decide_change"),
    path(ONE + "belonging/", belonging.belonging, name="belonging"),
    path(ONE + "belonging/<slug:name>/", belonging.join, name="join"),
    path(ONE + "parts/<int:link_id>/end/", belonging.end_part, name="end_part"),
    path(ONE + "lines/", order_lines.lines, name="lines"),
    path(ONE + "lines/change/", order_lines.change, name="change_lines"),
    path(ONE + "lines/add/", order_lines.add, name="add_lines"),
    path(ONE + "details/", details.edit, name="details"),
    path(ONE + "priority/", moves.priority, name="priority"),
    path(ONE + "steps/<int:position>/take/", steps.take, name="take_step"),
    path(ONE + "steps/<int:position>/finish/", steps.finish, name="finish_step"),
    path(ONE + "steps/<int:position>/pass-on/", steps.pass_on, name="pass_on"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:approval_id>/", approvals.approval, name="approval"),
]
