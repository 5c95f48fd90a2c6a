package ai.callmeback.activities.topup;

import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.topup.AutoTopUpNotice;
import ai.callmeback.db.topup.AutoTopUpNotices;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends the e-mails owed about auto top-ups. They are kept in the database, so none is lost and each is sent once. */
@Component
public class TopUpMails {
    private static final Logger log = LoggerFactory.getLogger(TopUpMails.class);
    private static final int BATCH = 20;
    private static final Duration MAIL = Duration.ofSeconds(35);
    /** Longer than a try may take. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    /** Then it is old news, and the mail vendor has forgotten its key. */
    private static final int TRIES = 10;

    private final AutoTopUpNotices notices;
    private final Users users;
    private final Mailer mailer;
    private final InstantSource clock;

    TopUpMails(AutoTopUpNotices notices, Users users, Mailer mailer, InstantSource clock) {
        this.notices = notices;
        this.users = users;
        this.mailer = mailer;
        this.clock = clock;
    }

    /** Answers how many were dealt with. */
    public int round() {
        List<AutoTopUpNotice> due =
                Waiting.of(notices.lease(BATCH, LEASE, clock.instant()).collectList());
        due.forEach(this::send);
        return due.size();
    }

    private void send(AutoTopUpNotice notice) {
        Optional<UserAccount> user = Waiting.find(users.find(notice.userId()));
        if (user.isEmpty() || !user.get().isActive()) {
            Waiting.done(notices.done(notice, "no_account"));
            return;
        }
        MailOutcome outcome =
                mailer.send(email(notice, user.get()), notice.key()).block(MAIL);
        switch (outcome) {
            case MailOutcome.Accepted accepted -> Waiting.done(notices.done(notice, "sent"));
            case MailOutcome.Refused refused -> {
                log.warn("{} was refused: {}", notice.key(), refused.fault().kind());
                Waiting.done(notices.done(notice, "refused"));
            }
            case MailOutcome.Deferred deferred -> later(notice);
            case null -> later(notice);
        }
    }

    private void later(AutoTopUpNotice notice) {
        if (notice.attempts() >= TRIES) {
            log.warn("{} is given up after {} tries", notice.key(), notice.attempts());
            Waiting.done(notices.done(notice, "given_up"));
            return;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (notice.attempts() - 1));
        Waiting.done(notices.again(notice, clock.instant().plus(pause)));
    }

    static Email email(AutoTopUpNotice notice, UserAccount user) {
        String words = notice.capReached() ? capReached(notice) : attention(notice.reason());
        String text = "Hello " + user.displayName() + ",\n\n" + words + "\n\nCall Me Back\n";
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return new Email(
                user.email(),
                notice.capReached() ? "Your auto top-up has reached its monthly cap" : "Your auto top-up has stopped",
                text,
                "<p>" + escaped.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>");
    }

    /** The same notice always gives the same text: the mail vendor compares repeats. */
    private static String capReached(AutoTopUpNotice notice) {
        return "your minutes are below the threshold of your auto top-up, and another pack would pass its monthly cap."
                + " Nothing more is bought by itself in " + notice.ref()
                + ". You can raise the cap, or buy a pack yourself, on the page Buy minutes.";
    }

    private static String attention(String reason) {
        String why = switch (reason) {
            case "authentication_required" -> "your bank wants to ask you before it lets your card pay";
            case "payment_returned" -> "a payment it made was given back";
            case "product_retired" -> "the pack it buys is not sold any more";
            case "being_looked_at" -> "a payment it made did not come as it was asked for; a person looks at it";
            default -> "your card was not accepted";
        };
        return "your auto top-up has stopped: " + why
                + ". Nothing was bought and nothing is tried again until you switch it on, with this card or another, on the"
                + " page Buy minutes.";
    }
}
