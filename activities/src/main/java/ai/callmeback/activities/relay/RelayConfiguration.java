package ai.callmeback.activities.relay;

import ai.callmeback.activities.pricing.PricingRelay;
import ai.callmeback.activities.purchase.PaymentRelay;
import ai.callmeback.activities.reconcile.ReconciliationRelay;
import ai.callmeback.activities.topup.CardDetachmentRelay;
import ai.callmeback.activities.topup.TopUpMails;
import ai.callmeback.activities.topup.TopUpRelay;
import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.vendors.mail.Mailer;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pace of the relays. */
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    /** Every mailer of the app books what its e-mails cost. */
    @Bean
    static BeanPostProcessor bookedMails(ObjectProvider<OtherCosts> costs, ObjectProvider<InstantSource> clock) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof Mailer mailer
                        ? new BookedMailer(mailer, costs::getObject, clock::getObject)
                        : bean;
            }
        };
    }

    @Bean
    Poller outboxPoller(OutboxRelay relay) {
        return new Poller("outbox-relay", Duration.ofMillis(100), relay::round);
    }

    @Bean
    Poller inboxPoller(InboxRelay relay) {
        return new Poller("inbox-relay", Duration.ofMillis(50), relay::round);
    }

    @Bean
    Poller paymentPoller(PaymentRelay relay) {
        return new Poller("payment-relay", Duration.ofMillis(200), relay::round);
    }

    @Bean
    Poller reconciliationPoller(ReconciliationRelay relay) {
        return new Poller("reconciliation-relay", Duration.ofMillis(500), relay::round);
    }

    @Bean
    Poller budgetMailPoller(BudgetMails mails) {
        return new Poller("budget-mails", Duration.ofSeconds(2), mails::round);
    }

    @Bean
    Poller topUpPoller(TopUpRelay relay) {
        return new Poller("top-up-relay", Duration.ofMillis(200), relay::round);
    }

    @Bean
    Poller topUpMailPoller(TopUpMails mails) {
        return new Poller("top-up-mails", Duration.ofSeconds(2), mails::round);
    }

    @Bean
    Poller cardDetachmentPoller(CardDetachmentRelay relay) {
        return new Poller("card-detachments", Duration.ofSeconds(2), relay::round);
    }

    @Bean
    Poller pricingPoller(PricingRelay relay) {
        return new Poller("pricing-relay", Duration.ofSeconds(1), relay::round);
    }

    @Bean
    Poller financeMailPoller(FinanceMails mails) {
        return new Poller("finance-mails", Duration.ofSeconds(2), mails::round);
    }

    @Bean
    Poller sweeperPoller(Sweeper sweeper) {
        return new Poller("sweeper", Duration.ofSeconds(5), sweeper::round);
    }

    @Bean
    Poller ledgerPoller(Sweeper sweeper) {
        return new Poller("ledger-sweeper", Duration.ofSeconds(60), sweeper::sweepLedger);
    }

    @Bean
    Poller recordingPoller(RecordingSweeper sweeper) {
        return new Poller("recording-sweeper", Duration.ofMinutes(10), sweeper::round);
    }

    @Bean
    Poller retentionPoller(Sweeper sweeper) {
        return new Poller("retention-sweeper", Duration.ofMinutes(10), sweeper::sweepRetention);
    }
}
