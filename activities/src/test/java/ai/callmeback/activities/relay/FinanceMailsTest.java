package ai.callmeback.activities.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** E-mails to finance, and what e-mails cost, on a real PostgreSQL. */
class FinanceMailsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final VendorFault AWAY = VendorFault.of("resend", VendorFault.Kind.SERVER_ERROR, "away");

    private final UUID finance = UUID.randomUUID();
    private final List<Email> sent = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T06:00:00Z");
    private MailOutcome outcome = new MailOutcome.Accepted("m1");
    private final FinanceNotices notices = new FinanceNotices(DB.client());
    private final Mailer vendor = (email, key) -> {
        sent.add(email);
        return Mono.just(outcome);
    };
    private final Mailer mailer = new BookedMailer(vendor, () -> new OtherCosts(DB.client()), () -> () -> now);
    private final FinanceMails mails = new FinanceMails(notices, new Users(DB.client()), mailer, () -> now);

    @BeforeEach
    void somebodyOfFinance() {
        DB.execute("delete from finance_notices");
        DB.execute("update users set role = 'user'");
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('"
                + finance + "', '" + finance + "@example.test', 'x', 'Kim & Co', 'US', 'u-" + finance
                + "', 'finance')");
    }

    @Test
    void aNoticeIsSentOnceAndItsCostBooked() {
        notices.tell("case/1", "A price waits", "Look <here>.", now).block(SOON);
        notices.tell("case/1", "A price waits", "Look <here>.", now).block(SOON);

        assertThat(mails.round()).isEqualTo(1);
        assertThat(mails.round()).isZero();

        assertThat(sent).singleElement().satisfies(email -> {
            assertThat(email.to()).isEqualTo(finance + "@example.test");
            assertThat(email.html()).contains("Kim &amp; Co", "Look &lt;here&gt;.");
        });
        assertThat(DB.query("select amount_micros from other_costs where business_key = 'mail:finance/case/1/" + finance
                        + "'"))
                .extracting(line -> line.get("amount_micros"))
                .containsExactly(400L);
    }

    @Test
    void whatCouldNotBeSentIsTriedAgainLaterAndGivenUpInTheEnd() {
        outcome = new MailOutcome.Deferred(AWAY);
        notices.tell("case/2", "A price waits", "Look.", now).block(SOON);

        assertThat(mails.round()).isEqualTo(1);
        assertThat(mails.round()).as("not at once").isZero();
        for (int n = 0; n < 12; n++) {
            now = now.plus(Duration.ofHours(5));
            mails.round();
        }

        assertThat(sent).hasSize(10);
        assertThat(DB.query("select outcome from finance_notices"))
                .extracting(row -> row.get("outcome"))
                .containsExactly("given_up");
        assertThat(DB.query("select 1 as one from other_costs where business_key like '%case/2/%'"))
                .isEmpty();
    }

    @Test
    void whatTheMailVendorRefusesIsNotSentAgain() {
        outcome = new MailOutcome.Refused(AWAY);
        notices.tell("case/3", "A price waits", "Look.", now).block(SOON);

        mails.round();
        now = now.plus(Duration.ofDays(1));

        assertThat(mails.round()).isZero();
    }
}
