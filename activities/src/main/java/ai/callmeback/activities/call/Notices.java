package ai.callmeback.activities.call;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.domain.call.RefusalCode;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.workflows.call.AftercareActivities.Notice;

/** The e-mails about a call. The same call and notice always give the same text: the mail vendor compares repeats. */
final class Notices {
    private Notices() {}

    static Email email(Notice notice, CallRecord call, UserAccount user) {
        String text = "Hello " + user.displayName() + ",\n\n" + body(notice, call) + "\n\nCall Me Back\n";
        return new Email(user.email(), subject(notice), text, html(text));
    }

    private static String subject(Notice notice) {
        return switch (notice) {
            case MISSED -> "We missed your call";
            case REFUSED -> "We could not make your call";
            case UNANSWERED -> "We could not reach you";
            case READY -> "Your call is ready to read";
        };
    }

    private static String body(Notice notice, CallRecord call) {
        return switch (notice) {
            case MISSED ->
                "we could not start the call you had booked in time, so we did not ring. Nothing was charged.";
            case REFUSED -> "we could not make your call. " + refusal(call.statusReason()) + " Nothing was charged.";
            case UNANSWERED -> "we rang as agreed and did not reach you. Nothing was charged.";
            case READY -> "the transcript and the summary of your call are ready in your history.";
        };
    }

    private static String refusal(String code) {
        return code == null
                ? ""
                : RefusalCode.ofCode(code)
                        .map(c -> c.message() + " " + c.remedy())
                        .orElse("");
    }

    private static String html(String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<p>" + escaped.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>";
    }
}
