package ai.callmeback.simulators.stripe;

import static ai.callmeback.simulators.stripe.Account.id;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What moved on the balance, and what was paid out of it to the bank. Locked by the {@link Account}. */
@Component
class Balance {
    private static final String VENDOR = "stripe";

    private final Account account;
    private final EventSender events;
    private final Journal journal;
    private final SimTime time;

    Balance(Account account, EventSender events, Journal journal, SimTime time) {
        this.account = account;
        this.events = events;
        this.journal = journal;
        this.time = time;
    }

    /** Changes of the balance, newest first. */
    List<Map<String, Object>> transactions(long from, long until, String... expand) {
        synchronized (account) {
            return account.all("balance_transaction")
                    .filter(object -> (Long) object.get("created") >= from && (Long) object.get("created") < until)
                    .map(object -> account.shown(object, expand))
                    .toList()
                    .reversed();
        }
    }

    /** Everything that is on the balance and not paid out yet goes to the bank; it arrives at once, or does not. */
    Map<String, Object> payOut(boolean arrives) throws StripeError {
        synchronized (account) {
            List<Map<String, Object>> paid = account.all("balance_transaction")
                    .filter(object -> !"payout".equals(object.get("type"))
                            && Account.hidden(object).get("payout") == null)
                    .toList();
            long net = paid.stream().mapToLong(money -> (Long) money.get("net")).sum();
            if (net <= 0) {
                throw StripeError.invalid("amount", "There is nothing to pay out.");
            }
            Map<String, Object> money = account.transaction("payout", -net, 0);
            Map<String, Object> payout = Shapes.payout(net, id(money), arrives ? "paid" : "failed", time.now());
            account.keep(payout);
            money.put("source", payout.get("id"));
            paid.forEach(one -> Account.hidden(account.touch(one)).put("payout", payout.get("id")));
            Account.hidden(money).put("payout", payout.get("id"));
            journal.append(VENDOR, id(payout), "payout.created", Details.of("amount", net, "arrives", arrives));
            events.send(arrives ? "payout.paid" : "payout.failed", account.shown(payout));
            return payout;
        }
    }

    /** Payouts of a time, newest first. */
    List<Map<String, Object>> payouts(long from, long until) {
        synchronized (account) {
            return account.all("payout")
                    .filter(object -> (Long) object.get("created") >= from && (Long) object.get("created") < until)
                    .map(object -> account.shown(object))
                    .toList()
                    .reversed();
        }
    }

    /** What a payout has paid, and its own movement, newest first. */
    List<Map<String, Object>> transactionsOf(String payout) {
        synchronized (account) {
            return account.all("balance_transaction")
                    .filter(object -> payout.equals(Account.hidden(object).get("payout")))
                    .map(object -> account.shown(object))
                    .toList()
                    .reversed();
        }
    }
}
