"""Addresses of the third floor; `portal/urls.py` mounts each list under its door."""

from django.urls import path

from complaints import results
from complaints.api.categories import Categories, OneCategory
from complaints.api.complaints import Complaints, OneComplaint
from complaints.mobile import (
    cases,
    deeds,
    digests,
    helping,
    outside,
    reporting,
    requesting,
)
from complaints.resident import cases as resident_cases
from complaints.resident import outside as resident_outside
from complaints.resident import reporting as resident_reporting

mobile_urls = [
    path("", cases.today, name="today"),
    path("complaints/", cases.complaints, name="complaints"),
    path("complaints/<int:pk>/", cases.complaint, name="complaint"),
    path("complaints/<int:pk>/sign/", deeds.sign, name="sign"),
    path("complaints/<int:pk>/call/", deeds.call, name="call"),
    path("complaints/<int:pk>/contact/", deeds.contact, name="contact"),
    path("complaints/<int:pk>/log/", deeds.log, name="log"),
    path("complaints/<int:pk>/reply/", deeds.reply, name="reply"),
    path("complaints/<int:pk>/escalate/", deeds.escalate, name="escalate"),
    path("complaints/<int:pk>/hand-on/", deeds.hand_on, name="hand_on"),
    path("complaints/<int:pk>/assign/", deeds.assign, name="assign"),
    path("digests/<int:pk>/", digests.phone_page, name="digest"),
    path("complaints/<int:pk>/slip/", deeds.answer_slip, name="answer_slip"),
    path("complaints/<int:pk>/instruction/", deeds.answer_instruction, name="answer_instruction"),
    path("complaints/<int:pk>/ask-return/", requesting.ask_return, name="ask_return"),
    path("complaints/<int:pk>/ask-extension/", requesting.ask_extension, name="ask_extension"),
    path("complaints/<int:pk>/ask-suspension/", requesting.ask_suspension, name="ask_suspension"),
    path(
        "complaints/<int:pk>/out-of-duty/", requesting.claim_out_of_duty, name="claim_out_of_duty"
    ),
    path("complaints/<int:pk>/take-back/", requesting.take_back_request, name="take_back_request"),
    path("complaints/<int:pk>/decide/", requesting.decide_request, name="decide_request"),
    path("complaints/<int:pk>/outside/", outside.ask_outside, name="ask_outside"),
    path("complaints/<int:pk>/add-assist/", helping.add_assist, name="add_assist"),
    path("complaints/<int:pk>/answer-assist/", helping.answer_assist, name="answer_assist"),
    path("complaints/<int:pk>/decline-assist/", helping.decline_assist, name="decline_assist"),
    path("complaints/<int:pk>/respond/", helping.respond, name="respond"),
    path("complaints/<int:pk>/arrive/", helping.arrive, name="arrive"),
    path("assists/", helping.assists, name="assists"),
    path("requests/", requesting.requests, name="requests"),
    path("photos/<int:pk>/", cases.photo, name="photo"),
    path("photos/<int:pk>/cover/", cases.cover_photo, name="cover_photo"),
    path("report/", reporting.report, name="report"),
    path("report/where/", reporting.where, name="where"),
    path("report/<uuid:tray>/<str:name>/", cases.kept_photo, name="kept_photo"),
]

resident_urls = [
    path("r/<str:code>/", resident_reporting.report, name="report"),
    path("q/<str:secret>/", resident_cases.case, name="case"),
    path("q/<str:secret>/photos/<int:pk>/", resident_cases.photo, name="photo"),
    path("q/<str:secret>/rate/", resident_cases.rate, name="rate"),
    path("q/<str:secret>/rate/undo/", resident_cases.take_back_rating, name="take_back_rating"),
    path("q/<str:secret>/supplement/", resident_cases.supplement, name="supplement"),
    path("q/<str:secret>/withdraw/", resident_cases.withdraw, name="withdraw"),
    path("o/<str:secret>/", resident_outside.answer, name="outside"),
    path("o/<str:secret>/photos/<int:pk>/", resident_outside.photo, name="outside_photo"),
]

result_urls = [
    path("", results.streets, name="streets"),
    path("<int:pk>/", results.street, name="street"),
]

api_urls = [
    path("complaints/", Complaints.as_view(), name="complaints"),
    path("complaints/<slug:number>/", OneComplaint.as_view(), name="complaint"),
    path("categories/", Categories.as_view(), name="categories"),
    path("categories/<int:pk>/", OneCategory.as_view(), name="category"),
]
