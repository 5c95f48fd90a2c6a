package ai.callmeback.activities.relay;

import ai.callmeback.db.budget.BudgetNotice;
import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends the e-mails owed about budgets. They are kept in the database, so none is lost and each is sent once. */
@Component
class BudgetMails {
    private static final Logger log = LoggerFactory.getLogger(BudgetMails.class);
    private static final int BATCH = 20;
    private static final int CENT_PLACES = 2;
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final Duration MAIL = Duration.ofSeconds(35);
    /** Longer than a try may take. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    /** Then it is old news, and the mail vendor has forgotten its key. */
    private static final int TRIES = 10;

    private final Budgets budgets;
    private final Users users;
    private final Mailer mailer;
    private final InstantSource clock;

    BudgetMails(Budgets budgets, Users users, Mailer mailer, InstantSource clock) {
        this.budgets = budgets;
        this.users = users;
        this.mailer = mailer;
        this.clock = clock;
    }

    /** Answers how many were dealt with. */
    int round() {
        List<BudgetNotice> due =
                budgets.lease(BATCH, LEASE, clock.instant()).collectList().block(DATABASE);
        List<BudgetNotice> notices = due == null ? List.of() : due;
        notices.forEach(this::send);
        return notices.size();
    }

    private void send(BudgetNotice notice) {
        Optional<UserAccount> user = users.find(notice.userId()).blockOptional(DATABASE);
        if (user.isEmpty() || !user.get().isActive()) {
            budgets.done(notice, "no_account").block(DATABASE);
            return;
        }
        MailOutcome outcome =
                mailer.send(email(notice, user.get()), notice.key()).block(MAIL);
        switch (outcome) {
            case MailOutcome.Accepted accepted -> budgets.done(notice, "sent").block(DATABASE);
            case MailOutcome.Refused refused -> {
                log.warn("{} was refused: {}", notice.key(), refused.fault().kind());
                budgets.done(notice, "refused").block(DATABASE);
            }
            case MailOutcome.Deferred deferred -> later(notice);
            case null -> later(notice);
        }
    }

    private void later(BudgetNotice notice) {
        if (notice.attempts() >= TRIES) {
            log.warn("{} is given up after {} tries", notice.key(), notice.attempts());
            budgets.done(notice, "given_up").block(DATABASE);
            return;
        }
        Instant next = clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << (notice.attempts() - 1)));
        budgets.again(notice, next).block(DATABASE);
    }

    private static Email email(BudgetNotice notice, UserAccount user) {
        String which = notice.period().equals("day") ? "today" : "this month";
        String spent = "$" + notice.spent().toUsd().setScale(CENT_PLACES, RoundingMode.HALF_EVEN);
        String limit = "$" + notice.limit().toUsd().setScale(CENT_PLACES, RoundingMode.HALF_EVEN);
        String text = "Hello " + user.displayName() + ",\n\nyour calls " + which + " have cost " + spent
                + " of the " + limit + " you set as a budget. "
                + (notice.usedUp()
                        ? "No more calls are made until you raise it or the period is over."
                        : "When it is used up, a call under way ends with a goodbye, and no more are made.")
                + "\n\nCall Me Back\n";
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return new Email(
                user.email(),
                notice.usedUp() ? "Your budget for calls is used up" : "Your budget for calls is nearly used up",
                text,
                "<p>" + escaped.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>");
    }
}
