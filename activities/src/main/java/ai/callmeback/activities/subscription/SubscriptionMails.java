package ai.callmeback.activities.subscription;

import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionNotice;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import io.temporal.failure.ApplicationFailure;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The e-mails about a subscription. The same notice always gives the same text: the mail vendor compares repeats. */
@Component
final class SubscriptionMails {
    private static final Duration MAIL = Duration.ofSeconds(35);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final SubscriptionPeriods periods;
    private final Users users;
    private final Catalogue catalogue;
    private final Mailer mailer;

    SubscriptionMails(SubscriptionPeriods periods, Users users, Catalogue catalogue, Mailer mailer) {
        this.periods = periods;
        this.users = users;
        this.catalogue = catalogue;
        this.mailer = mailer;
    }

    static String date(Instant instant) {
        return DATE.format(instant);
    }

    /** Sends what is owed; a deferral is an error, so that it is tried again. */
    void send(Subscription subscription) {
        for (SubscriptionNotice notice :
                Waiting.of(periods.owed(subscription.id()).collectList())) {
            Waiting.done(periods.dealtWith(notice, sent(subscription, notice)));
        }
    }

    private String sent(Subscription subscription, SubscriptionNotice notice) {
        UserAccount user = Waiting.of(users.find(subscription.userId()));
        if (!user.isActive()) {
            return "no_account";
        }
        MailOutcome outcome = mailer.send(
                        email(subject(notice.kind()), user, words(subscription, notice)), notice.key())
                .block(MAIL);
        return switch (outcome) {
            case MailOutcome.Accepted accepted -> "sent";
            case MailOutcome.Refused refused -> "refused";
            case MailOutcome.Deferred deferred ->
                throw ApplicationFailure.newFailure("the e-mail was deferred", "mail_deferred");
            case null -> throw ApplicationFailure.newFailure("the mailer did not answer", "mail_deferred");
        };
    }

    private static String subject(SubscriptionNotice.Kind kind) {
        return switch (kind) {
            case RECEIPT -> "Your receipt";
            case PAYMENT_FAILED -> "Your payment did not work";
            case FAIR_USE -> "You have nearly had this month's calls";
            case ENDING -> "Your plan will end";
            case ENDED -> "Your plan has ended";
        };
    }

    private String words(Subscription subscription, SubscriptionNotice notice) {
        return switch (notice.kind()) {
            case RECEIPT -> receipt(subscription, notice.ref());
            case PAYMENT_FAILED -> failed(notice.ref());
            case FAIR_USE ->
                "you have had most of the calls that your plan brings until " + notice.ref()
                        + ". After the last of them a call needs credits: you can buy a single call, or a pack.";
            case ENDING ->
                "your plan will not renew. What is left of it can be used until " + notice.ref()
                        + "; until then you can change your mind.";
            case ENDED ->
                "not_paid".equals(notice.ref())
                        ? "your plan has ended, because the renewal could not be paid. Credits you bought stay yours."
                        : "your plan has ended. Credits you bought stay yours.";
        };
    }

    private String receipt(Subscription subscription, String invoice) {
        Optional<Period> found =
                Waiting.of(periods.list(subscription.id(), SubscriptionBooks.PERIODS_READ)
                                .collectList())
                        .stream()
                        .filter(period -> period.invoiceId().equals(invoice))
                        .findFirst();
        if (found.isEmpty()) {
            return "thank you for your payment.\n\nInvoice: " + invoice;
        }
        Period period = found.get();
        Product plan = Waiting.of(catalogue.find(period.planCode()));
        return "thank you for your payment.\n\nPlan: " + plan.title() + "\nPaid: " + dollars(period.amount())
                + "\nFrom " + date(period.startsAt()) + " until " + date(period.endsAt()) + "\nCalls: " + period.calls()
                + (plan.seconds() == null ? "" : "\nTalk: " + period.credits().seconds() / 60 + " min")
                + "\nInvoice: " + invoice;
    }

    private static String failed(String ref) {
        String next = ref.substring(ref.lastIndexOf(':') + 1);
        return "your card was not accepted for the renewal of your plan. "
                + (next.isEmpty()
                        ? "It will not be tried again."
                        : "It is tried again on " + date(Instant.ofEpochSecond(Long.parseLong(next)))
                                + ". Until then your plan brings no new talk; credits you bought work as before.");
    }

    private static String dollars(UsdMicros amount) {
        return "$" + amount.toUsd().setScale(2, RoundingMode.UNNECESSARY).toPlainString();
    }

    private static Email email(String subject, UserAccount user, String words) {
        String text = "Hello " + user.displayName() + ",\n\n" + words + "\n\nCall Me Back\n";
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return new Email(
                user.email(),
                subject,
                text,
                "<p>" + escaped.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>");
    }
}
