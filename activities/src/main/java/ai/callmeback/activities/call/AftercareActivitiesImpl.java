package ai.callmeback.activities.call;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.CallTranscripts;
import ai.callmeback.db.call.ConversationJournal;
import ai.callmeback.db.call.Notifications;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.HeardConversation;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.domain.usage.UsageLegs;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import ai.callmeback.workflows.call.AftercareActivities;
import ai.callmeback.workflows.call.SettlementActivities;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Transcript, summary, e-mails and retention. */
@Component("aftercareActivities")
final class AftercareActivitiesImpl implements AftercareActivities {
    private static final Duration MAIL = Duration.ofSeconds(50);
    private static final Duration SUMMARY = Duration.ofSeconds(150);
    private static final int SUMMARY_TOKENS = 220;

    private static final String SUMMARY_PROMPT =
            "Sum up this telephone conversation for the person who was called, in two or three plain sentences: what it"
                    + " was about, what was decided. Add nothing that was not said.";

    private final CallStore calls;
    private final CallTranscripts transcripts;
    private final ConversationJournal journal;
    private final LostLegSpans lostLegs;
    private final Notifications notifications;
    private final Users users;
    private final ModelUsage usage;
    private final SettlementActivities money;
    private final LanguageModel model;
    private final Mailer mailer;
    private final InstantSource clock;

    AftercareActivitiesImpl(
            CallStore calls,
            CallTranscripts transcripts,
            ConversationJournal journal,
            LostLegSpans lostLegs,
            Notifications notifications,
            Users users,
            UsageStore usage,
            SettlementActivitiesImpl money,
            LanguageModel model,
            Mailer mailer,
            InstantSource clock) {
        this.calls = calls;
        this.transcripts = transcripts;
        this.journal = journal;
        this.lostLegs = lostLegs;
        this.notifications = notifications;
        this.users = users;
        this.usage = new ModelUsage(usage, clock);
        this.money = money;
        this.model = model;
        this.mailer = mailer;
        this.clock = clock;
    }

    @Override
    public void notifyUser(CallId callId, Notice notice) {
        CallRecord call = Answers.of(calls.find(callId));
        UserAccount user = Answers.of(users.find(call.userId()));
        if (!user.hasMailbox()) {
            return;
        }
        String kind = notice.name().toLowerCase(Locale.ROOT);
        String key = "call-" + kind + "/" + callId;
        if (!Answers.of(notifications.open(key, callId, call.userId(), kind, clock.instant()))) {
            return;
        }
        MailOutcome outcome =
                mailer.send(Notices.email(notice, call, user), key).block(MAIL);
        switch (outcome) {
            case MailOutcome.Accepted accepted ->
                Answers.done(notifications.sent(key, accepted.emailId(), clock.instant()));
            case MailOutcome.Refused refused ->
                throw ApplicationFailure.newNonRetryableFailure("the e-mail was refused", "mail_refused");
            case MailOutcome.Deferred deferred ->
                throw ApplicationFailure.newFailure("the e-mail was deferred", "mail_deferred");
            case null -> throw ApplicationFailure.newFailure("the mailer did not answer", "mail_deferred");
        }
    }

    @Override
    public int closeTranscript(CallId callId) {
        List<Turn> heard = HeardConversation.fold(Answers.all(journal.of(callId)));
        Answers.of(transcripts.add(callId, heard));
        lostLegs.tell(callId);
        return heard.size();
    }

    @Override
    public void summarize(CallId callId) {
        if (Answers.of(calls.find(callId)).summary() != null) {
            return;
        }
        String transcript = Answers.all(transcripts.turns(callId)).stream()
                .map(turn -> turn.speaker() + ": " + turn.text())
                .collect(Collectors.joining("\n"));
        if (transcript.isBlank()) {
            return;
        }
        LlmReply reply = model.complete(new LlmRequest(
                        List.of(),
                        List.of(new LlmMessage.SystemPrompt(SUMMARY_PROMPT), new LlmMessage.User(transcript)),
                        List.of(),
                        0.2,
                        SUMMARY_TOKENS,
                        null))
                .block(SUMMARY);
        if (reply == null) {
            throw ApplicationFailure.newFailure("the model did not answer", "no_summary");
        }
        // Each try pays for itself, whether or not a summary comes of it.
        int attempt = Activity.getExecutionContext().getInfo().getAttempt();
        if (usage.keep(callId, UsageLegs.summary(attempt), reply)) {
            money.recordCosts(callId);
        }
        switch (reply) {
            case LlmReply.Answered answered ->
                Answers.done(transcripts.summary(callId, answered.text().strip(), clock.instant()));
            case LlmReply.Failed failed -> throw ApplicationFailure.newFailure("the model failed", "no_summary");
        }
    }

    @Override
    public void purgeConversation(CallId callId) {
        Answers.done(transcripts.purge(callId, clock.instant()));
    }
}
