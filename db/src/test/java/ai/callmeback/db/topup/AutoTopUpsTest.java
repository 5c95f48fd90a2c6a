package ai.callmeback.db.topup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.ledger.ClawBackKind;
import ai.callmeback.db.ledger.ClawBackRequest;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Auto top-up: when a pack is begun, when it is not, and what is told. */
class AutoTopUpsTest extends AutoTopUpCase {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    @Override
    TestDatabase db() {
        return DB;
    }

    @Test
    void aHoldBringsTheLookForwardAndAPackIsBegunOncePerCrossing() {
        UUID id = on(300, PACK * 3);
        grant(600);
        assertThat(look(id)).isEqualTo(LookOutcome.ENOUGH);
        DB.execute("update auto_topups set start_due_at = '2027-01-01' where id = '" + id + "'");
        assertThat(due()).doesNotContain(id);

        hold(301);

        assertThat(due()).containsExactly(id);
        assertThat(due()).as("again after a pause").doesNotContain(id);
        topUps.looked(id, now.plusSeconds(600)).block();
        now = now.plusSeconds(599);
        assertThat(due()).as("looked at").doesNotContain(id);
        now = now.plusSeconds(1);
        assertThat(due()).containsExactly(id);
        hold0();
        topUps.looked(id, now.plusSeconds(600)).block();
        assertThat(due()).as("a hold has come during the look").containsExactly(id);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        assertThat(look(id)).isEqualTo(LookOutcome.UNDER_WAY);
        PurchaseId bought = latest();
        assertThat(get(purchases.find(bought)).isTopUp()).isTrue();
        assertThat(get(purchases.due(50, Duration.ofMinutes(1), now).collectList()))
                .contains(bought);
        paid(bought);
        assertThat(look(id)).isEqualTo(LookOutcome.ENOUGH);
        hold(1_600);
        assertThat(look(id)).as("the next crossing").isEqualTo(LookOutcome.BEGUN);
        assertThat(latest()).isNotEqualTo(bought);
        assertThat(get(ledger.audit()).violations()).isEmpty();
    }

    @Test
    void aPackThatWouldPassTheCapIsRefusedAndToldOnceAMonth() {
        UUID id = on(300, PACK);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        paid(latest());
        drain();

        assertThat(look(id)).isEqualTo(LookOutcome.CAP_REACHED);
        assertThat(look(id)).isEqualTo(LookOutcome.CAP_REACHED);

        assertThat(told()).containsExactly("auto-top-up-cap/" + id + "/2026-11");
        assertThat(get(topUps.find(user, now)).capReachedAt()).isBetween(NOW, now);
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.ON);
        now = DECEMBER;
        assertThat(get(topUps.find(user, now)).countedInMonth()).isEqualTo(new UsdMicros(0));
        assertThat(look(id)).as("a new month").isEqualTo(LookOutcome.BEGUN);
        assertThat(get(topUps.find(user, now)).capReachedAt()).isNull();
    }

    /** A payment that was begun before midnight counts against the month it is made in. */
    @Test
    void aPaymentIsCountedInTheMonthItIsMadeIn() {
        UUID id = on(300, PACK);
        look(id);
        PurchaseId late = latest();
        topUps.prepared(late, "pi_" + late, now).block();
        now = DECEMBER;
        assertThat(get(topUps.mayCharge(late, now))).isEqualTo("go");
        assertThat(get(topUps.find(user, now)).countedInMonth()).isEqualTo(new UsdMicros(PACK));
        DB.execute("update auto_topups set monthly_cap_micros = 1000000 where id = '" + id + "'");
        assertThat(get(topUps.mayCharge(late, now))).isEqualTo("monthly_cap");
        assertThat(get(purchases.find(late)).status()).isEqualTo(PurchaseStatus.FAILED);
        assertThat(told()).containsExactly("auto-top-up-cap/" + id + "/2026-12");
    }

    /** Guard: {@code auto_topup_may_charge}, the last question. */
    @Test
    void nothingIsPaidThatIsNotWantedAnyMore() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId off = latest();
        topUps.prepared(off, "pi_" + off, now).block();
        topUps.switchOff(user, now).block();
        assertThat(get(topUps.mayCharge(off, now))).isEqualTo("switched_off");
        assertThat(get(topUps.mayCharge(off, now))).isEqualTo("switched_off");
        assertThat(look(id)).isEqualTo(LookOutcome.OFF);

        on(300, PACK * 9);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        PurchaseId unneeded = latest();
        topUps.prepared(unneeded, "pi_" + unneeded, now).block();
        grant(300);
        assertThat(get(topUps.mayCharge(unneeded, now))).isEqualTo("not_needed");
    }

    @Test
    void aRefusedCardStopsItUntilThePersonActs() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId declined = latest();

        topUps.failed(declined, "card_declined", now).block();
        topUps.failed(declined, "card_declined", now).block();

        assertThat(look(id)).isEqualTo(LookOutcome.OFF);
        hold0();
        assertThat(due()).doesNotContain(id);
        AutoTopUp stopped = get(topUps.find(user, now));
        assertThat(stopped.status()).isEqualTo(AutoTopUpStatus.NEEDS_ATTENTION);
        assertThat(stopped.statusReason()).isEqualTo("card_declined");
        assertThat(told()).containsExactly("auto-top-up-attention/" + id + "/" + declined);
        choose(300, PACK * 9, false);
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.ON);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
    }

    @Test
    void whoGotTheMoneyBackIsNotChargedAgain() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId bought = latest();
        paid(bought);
        UUID grant = Objects.requireNonNull(get(purchases.find(bought)).grantId());
        get(LedgerCorrections.on(DB.client(), () -> now)
                .clawBack(new ClawBackRequest("re_" + bought, ClawBackKind.REFUND, grant, new UsdMicros(PACK))));

        assertThat(look(id)).isEqualTo(LookOutcome.STOPPED);
        assertThat(get(topUps.find(user, now)).statusReason()).isEqualTo("payment_returned");
        now = now.plusSeconds(1);
        choose(300, PACK * 9, false);
        assertThat(look(id)).as("consented again since").isEqualTo(LookOutcome.BEGUN);
    }

    @Test
    void aChoiceIsWithinBoundsAndWaitsForACard() {
        assertThat(choose(1_501, PACK, false)).isEqualTo(new ChoiceOutcome.ThresholdTooHigh(new Credits(1_500)));
        assertThat(choose(300, PACK - 10_000, false)).isEqualTo(new ChoiceOutcome.CapTooLow(new UsdMicros(PACK)));
        assertThat(get(topUps.set(
                        new AutoTopUpChoice(user, "call_5", new Credits(60), new UsdMicros(PACK), false, now))))
                .isEqualTo(new ChoiceOutcome.NotAPack());
        assertThat(topUps.find(user, now).blockOptional()).isEmpty();
        choose(300, PACK, false);
        choose(240, PACK, false);
        CardSetupId first = setup();
        setups.opened(first, "cs_" + first, "https://pay.test/", now.plusSeconds(60), now)
                .block();
        AutoTopUp waiting = get(topUps.find(user, now));
        assertThat(waiting.status()).isEqualTo(AutoTopUpStatus.AWAITING_CARD);
        assertThat(waiting.setupUrl()).isEqualTo("https://pay.test/");
        setups.ended(first, CardSetupStatus.EXPIRED, now).block();
        assertThat(get(topUps.find(user, now)).statusReason()).isEqualTo("card_not_saved");
        assertThat(saved(first)).as("it was over").isFalse();

        choose(300, PACK, false);
        CardSetupId second = setup();
        setups.opened(second, "cs_" + second, "https://pay.test/", now, now).block();
        topUps.switchOff(user, now).block();
        assertThat(get(setups.find(second)).status()).isEqualTo(CardSetupStatus.WITHDRAWN);
        assertThat(saved(second)).as("switched off meanwhile").isFalse();
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.OFF);
    }

    /** Guards: {@code auto_topups_card_gone}, {@code auto_topups_off_without_card}, {@code users_closed_without_card}. */
    @Test
    void aCardOutOfUseIsToBeDetachedOnceHoweverItGotThere() {
        UUID id = on(300, PACK);
        String first = card(id);
        refused(
                "update auto_topups set status = 'OFF', start_due_at = null where id = '" + id + "'",
                "auto_topups_off_without_card");
        topUps.switchOff(user, now).block();
        topUps.switchOff(user, now).block();
        assertThat(get(topUps.find(user, now)).card()).isNull();
        assertThat(toDetach()).containsOnlyOnce(first);

        choose(300, PACK, false);
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.AWAITING_CARD);
        CardSetupId late = setup();
        setups.opened(late, "cs_" + late, "https://pay.test/", now, now).block();
        topUps.switchOff(user, now).block();
        assertThat(saved(late)).as("saved when nobody waited for it").isFalse();
        assertThat(saved(late)).isFalse();
        assertThat(toDetach()).contains(first, "pm_" + late);

        UUID again = on(300, PACK);
        String last = card(again);
        DB.execute("update users set status = 'closed' where id = '" + user + "'");
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.OFF);
        assertThat(toDetach()).contains(last);
    }

    /** One that failed comes again, later each time; one that is done never does. */
    @Test
    void aDetachmentIsLeasedUntilItIsDone() {
        String card = card(on(300, PACK));
        topUps.switchOff(user, now).block();
        CardDetachments detachments = new CardDetachments(DB.client());
        CardDetachments.Due due = mine(detachments, card).getFirst();
        assertThat(due.attempts()).isEqualTo(1);
        assertThat(mine(detachments, card)).as("leased").isEmpty();
        detachments.again(due, now).block();
        assertThat(mine(detachments, card)).as("it rests").isEmpty();
        now = now.plusSeconds(5);
        due = mine(detachments, card).getFirst();
        assertThat(due.attempts()).isEqualTo(2);
        detachments.done(due, now).block();
        detachments.again(due, now).block();
        now = now.plusSeconds(86_400);
        assertThat(mine(detachments, card)).isEmpty();
        assertThat(toDetach()).doesNotContain(card);
    }

    private List<CardDetachments.Due> mine(CardDetachments detachments, String card) {
        return get(detachments.lease(100, Duration.ofMinutes(1), now).collectList()).stream()
                .filter(due -> due.paymentMethod().equals(card))
                .toList();
    }

    private static String card(UUID topUp) {
        return String.valueOf(DB.query("select payment_method from auto_topups where id = '" + topUp + "'")
                .getFirst()
                .get("payment_method"));
    }

    private static List<String> toDetach() {
        return DB.query("select payment_method from card_detachments where detached_at is null").stream()
                .map(row -> String.valueOf(row.get("payment_method")))
                .toList();
    }
}
