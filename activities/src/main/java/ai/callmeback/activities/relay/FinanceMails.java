package ai.callmeback.activities.relay;

import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.notice.FinanceNotice;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends the e-mails owed to finance. They are kept in the database, so none is lost and each is sent once. */
@Component
class FinanceMails {
    private static final Logger log = LoggerFactory.getLogger(FinanceMails.class);
    private static final int BATCH = 20;
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final Duration MAIL = Duration.ofSeconds(35);
    /** Longer than a try may take. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    /** Then the case alone has to say it, and the mail vendor has forgotten its key. */
    private static final int TRIES = 10;

    private final FinanceNotices notices;
    private final Users users;
    private final Mailer mailer;
    private final InstantSource clock;

    FinanceMails(FinanceNotices notices, Users users, Mailer mailer, InstantSource clock) {
        this.notices = notices;
        this.users = users;
        this.mailer = mailer;
        this.clock = clock;
    }

    /** Answers how many were dealt with. */
    int round() {
        List<FinanceNotice> due = notices.lease(BATCH, LEASE, clock.instant())
                .collectList()
                .blockOptional(DATABASE)
                .orElse(List.of());
        due.forEach(this::send);
        return due.size();
    }

    private void send(FinanceNotice notice) {
        Optional<UserAccount> user = users.find(notice.userId()).blockOptional(DATABASE);
        if (user.isEmpty() || !user.get().isActive()) {
            notices.done(notice, "no_account").block(DATABASE);
            return;
        }
        MailOutcome outcome =
                mailer.send(email(notice, user.get()), notice.mailKey()).block(MAIL);
        switch (outcome) {
            case MailOutcome.Accepted accepted -> notices.done(notice, "sent").block(DATABASE);
            case MailOutcome.Refused refused -> {
                log.warn("{} was refused: {}", notice.mailKey(), refused.fault().kind());
                notices.done(notice, "refused").block(DATABASE);
            }
            case MailOutcome.Deferred deferred -> later(notice);
            case null -> later(notice);
        }
    }

    private void later(FinanceNotice notice) {
        if (notice.attempts() >= TRIES) {
            log.warn("{} is given up after {} tries", notice.mailKey(), notice.attempts());
            notices.done(notice, "given_up").block(DATABASE);
            return;
        }
        Instant next = clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << (notice.attempts() - 1)));
        notices.again(notice, next).block(DATABASE);
    }

    private static Email email(FinanceNotice notice, UserAccount user) {
        String text = "Hello " + user.displayName() + ",\n\n" + notice.body() + "\n\nCall Me Back\n";
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return new Email(
                user.email(),
                notice.subject(),
                text,
                "<p>" + escaped.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>");
    }
}
