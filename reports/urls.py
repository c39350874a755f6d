from django.urls import path

from .views import acts, documents, notes, parts

app_name = "reports"
urlpatterns = [
    path("", notes.note_list, name="note_list"),
    path("ny/", notes.new_note, name="new_note"),
    path("<int:pk>/", notes.note, name="note"),
    path("<int:pk>/ret/", notes.edit_block, name="edit_block"),
    # The paper.
    path("<int:pk>/papir/", documents.preview, name="preview"),
    path("<int:pk>/udkast.pdf/", documents.draft_pdf, name="draft_pdf"),
    path("<int:pk>/pdf/", documents.pdf, name="pdf"),
    path("<int:pk>/bilag/<int:number>/pdf/", documents.appendix_pdf, name="appendix_pdf"),
    # What the note is made of.
    path("<int:pk>/afsnit/ny/", parts.new_section, name="new_section"),
    path("<int:pk>/afsnit/<int:section>/", parts.section, name="section"),
    path("<int:pk>/afsnit/<int:section>/op/", parts.move_section_up, name="move_section_up"),
    path("<int:pk>/afsnit/<int:section>/ned/", parts.move_section_down, name="move_section_down"),
    path("<int:pk>/afsnit/<int:section>/fjern/", parts.remove_section, name="remove_section"),
    path("<int:pk>/bilag/ny/", parts.new_appendix, name="new_appendix"),
    path("<int:pk>/bilag/<int:number>/op/", parts.move_appendix_up, name="move_appendix_up"),
    path("<int:pk>/bilag/<int:number>/fjern/", parts.remove_appendix, name="remove_appendix"),
    path("<int:pk>/opfoelgning/ny/", parts.new_follow_up, name="new_follow_up"),
    path("<int:pk>/opfoelgning/<int:row>/fjern/", parts.remove_follow_up, name="remove_follow_up"),
    # Its way to the committee, and what came of it.
    path("<int:pk>/send/", acts.submit, name="submit"),
    path("<int:pk>/send-tilbage/", acts.send_back, name="send_back"),
    path("<int:pk>/tag-tilbage/", acts.take_back, name="take_back"),
    path("<int:pk>/godkend/", acts.approve, name="approve"),
    path("<int:pk>/udsend/", acts.issue, name="issue"),
    path("<int:pk>/erstat/", acts.correct, name="correct"),
    path("<int:pk>/beslutning/ny/", acts.record_decision, name="record_decision"),
]
