from django.urls import include, path

from .views import (
    action_card,
    acts,
    afterwards,
    appendices,
    comments,
    committees,
    documents,
    follow_ups,
    meetings,
    notes,
    parts,
    versions,
    writing,
)

app_name = "reports"
NOTES = [
    path("", notes.note_list, name="note_list"),
    path("ny/", notes.new_note, name="new_note"),
    path("<int:pk>/", notes.note, name="note"),
    path("<int:pk>/ret/", notes.edit_block, name="edit_block"),
    # The paper.
    path("<int:pk>/papir/", documents.preview, name="preview"),
    path("<int:pk>/udkast.pdf/", documents.draft_pdf, name="draft_pdf"),
    path("<int:pk>/pdf/", documents.pdf, name="pdf"),
    path("<int:pk>/bilag/<int:number>/pdf/", appendices.pdf, name="appendix_pdf"),
    path("<int:pk>/bilag/<int:number>/udkast.pdf/", appendices.draft_pdf, name="appendix_draft_pdf"),
    # What the note is made of.
    path("<int:pk>/afsnit/ny/", parts.new_section, name="new_section"),
    path("<int:pk>/afsnit/<int:section>/", writing.section, name="section"),
    path("<int:pk>/afsnit/<int:section>/gem/", writing.save_section, name="save_section"),
    path("<int:pk>/afsnit/<int:section>/forslag/", writing.accept_suggestion, name="accept_suggestion"),
    path("<int:pk>/afsnit/<int:section>/lovet/<int:row>/", writing.carry_promise, name="carry_promise"),
    path("<int:pk>/afsnit/<int:section>/versioner/", versions.versions, name="versions"),
    path("<int:pk>/afsnit/<int:section>/versioner/<int:row>/", versions.restore_version, name="restore_version"),
    path("<int:pk>/afsnit/raekkefoelge/", parts.order_sections, name="order_sections"),
    path("<int:pk>/fjernede-afsnit/", versions.removed_sections, name="removed_sections"),
    path("<int:pk>/fjernede-afsnit/<int:row>/", versions.restore_section, name="restore_section"),
    path("<int:pk>/kommentarer/", comments.comments, name="comments"),
    path("<int:pk>/kommentarer/<int:row>/afslut/", comments.resolve, name="resolve_comment"),
    path("<int:pk>/afsnit/<int:section>/op/", parts.move_section_up, name="move_section_up"),
    path("<int:pk>/afsnit/<int:section>/ned/", parts.move_section_down, name="move_section_down"),
    path("<int:pk>/afsnit/<int:section>/fjern/", parts.remove_section, name="remove_section"),
    path("<int:pk>/bilag/ny/", appendices.new, name="new_appendix"),
    path("<int:pk>/bilag/<int:number>/op/", appendices.move_up, name="move_appendix_up"),
    path("<int:pk>/bilag/<int:number>/ned/", appendices.move_down, name="move_appendix_down"),
    path("<int:pk>/bilag/<int:number>/fjern/", appendices.remove, name="remove_appendix"),
    path("<int:pk>/opfoelgning/ny/", parts.new_follow_up, name="new_follow_up"),
    path("<int:pk>/opfoelgning/<int:row>/fjern/", parts.remove_follow_up, name="remove_follow_up"),
    # Its way to the committee, and what came of it.
    path("<int:pk>/send/", acts.submit, name="submit"),
    path("<int:pk>/send-tilbage/", acts.send_back, name="send_back"),
    path("<int:pk>/tag-tilbage/", acts.take_back, name="take_back"),
    path("<int:pk>/godkend/", acts.approve, name="approve"),
    path("<int:pk>/udsend/", acts.issue, name="issue"),
    path("<int:pk>/erstat/", acts.correct, name="correct"),
    # After it was issued.
    path("<int:pk>/dagsorden.zip/", afterwards.agenda_package, name="agenda_package"),
    path("<int:pk>/journal.zip/", afterwards.journal_package, name="journal_package"),
    path("<int:pk>/aegthed/", afterwards.check_note, name="note_check"),
    path("<int:pk>/journaliseret/", afterwards.journalise, name="journalise"),
    path("<int:pk>/spaer/", afterwards.ask_barring, name="ask_barring"),
    path("<int:pk>/spaer/bekraeft/", afterwards.confirm_barring, name="confirm_barring"),
    path("<int:pk>/spaer/fortryd/", afterwards.take_back_barring, name="take_back_barring"),
    # Which committees treat it, and what they decided.
    path("<int:pk>/behandling/ny/", meetings.new_item, name="item_new"),
    path("<int:pk>/behandling/<int:row>/", meetings.change_item, name="item_change"),
    path("<int:pk>/behandling/<int:row>/fjern/", meetings.remove_item, name="item_remove"),
    path("<int:pk>/behandling/<int:row>/beslutning/", meetings.record_decision, name="record_decision"),
    path("<int:pk>/beslutning/", meetings.decisions, name="decisions"),
    path("<int:pk>/beslutning/<int:row>/tilfoej/", meetings.new_addendum, name="addendum_new"),
]
ACTION_CARD = [
    path("", action_card.card, name="action_card"),
    path("pdf/", action_card.card_pdf, name="card_pdf"),
    path("<int:pk>/", action_card.institution_card, name="institution_card"),
    path("<int:pk>/pdf/", action_card.institution_card_pdf, name="institution_card_pdf"),
    path("<int:pk>/numre/", action_card.numbers, name="card_numbers"),
    # Its text and issues.
    path("ret/", action_card.edit, name="card_edit"),
    path("udkast.pdf/", action_card.draft_pdf, name="card_draft_pdf"),
    path("udgiv/", action_card.issue_next, name="card_issue_next"),
    path("udgaver/", action_card.issues, name="card_issues"),
    path("udgaver/<int:number>/", action_card.issue, name="card_issue"),
]
COMMITTEES = [
    path("", committees.committee_list, name="committee_list"),
    path("nyt/", committees.new_committee, name="committee_new"),
    path("<int:pk>/", committees.committee, name="committee"),
    path("<int:pk>/ret/", committees.change_committee, name="committee_change"),
    path("<int:pk>/skift-navn/", committees.rename_committee, name="committee_rename"),
    path("<int:pk>/navne/nyt/", committees.new_name, name="name_new"),
    path("<int:pk>/navne/<int:row>/", committees.change_name, name="name_change"),
    path("<int:pk>/pladser/ny/", committees.new_seat, name="seat_new"),
    path("<int:pk>/pladser/<int:row>/", committees.change_seat, name="seat_change"),
    path("<int:pk>/moeder/nyt/", meetings.new_meeting, name="meeting_new"),
]
MEETINGS = [
    path("<int:pk>/", meetings.meeting, name="meeting"),
    path("<int:pk>/pakke.zip/", meetings.package, name="meeting_package"),
    path("<int:pk>/ret/", meetings.change_meeting, name="meeting_change"),
    path("<int:pk>/slet/", meetings.delete_meeting, name="meeting_delete"),
    path("<int:pk>/punkter/nyt/", meetings.put_on_meeting, name="item_put"),
]
FOLLOW_UPS = [
    path("", follow_ups.follow_up_list, name="follow_ups"),
    path("<int:pk>/ret/", follow_ups.change, name="follow_up_change"),
    path("<int:pk>/afslut/", follow_ups.close, name="follow_up_close"),
    path("<int:pk>/aabn-igen/", follow_ups.reopen, name="follow_up_reopen"),
    path("fra-beslutning/<int:pk>/", follow_ups.new_from_decision, name="follow_up_new"),
]
urlpatterns = [
    path("notater/", include(NOTES)),
    path("aegthed/", afterwards.check, name="check"),
    path("udvalg/", include(COMMITTEES)),
    path("moeder/", include(MEETINGS)),
    path("opfoelgninger/", include(FOLLOW_UPS)),
    path("actioncard/", include(ACTION_CARD)),
]
