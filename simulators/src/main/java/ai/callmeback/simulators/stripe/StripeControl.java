package ai.callmeback.simulators.stripe;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What payers, banks and time do, by HTTP. */
@RestController
@RequestMapping("/control/stripe")
class StripeControl {
    private final Account account;
    private final Returns returns;
    private final Balance balance;
    private final Subscriptions subscriptions;
    private final SavedCards cards;
    private final StripeClock clock;
    private final StripeMemory memory;

    StripeControl(
            Account account,
            Returns returns,
            Balance balance,
            Subscriptions subscriptions,
            SavedCards cards,
            StripeClock clock,
            StripeMemory memory) {
        this.returns = returns;
        this.balance = balance;
        this.cards = cards;
        this.memory = memory;
        this.clock = clock;
        this.account = account;
        this.subscriptions = subscriptions;
    }

    /**
     * @param feeDelayMillis how long later charges have no balance transaction
     * @param clockAheadSeconds by how much the vendor's clock is ahead of ours
     */
    record Request(@Nullable Long feeDelayMillis, @Nullable Long clockAheadSeconds) {}

    /** @param amount in cents; absent: all that is left */
    record RefundRequest(@Nullable Long amount) {}

    /** @param days that the clock of subscriptions goes forward */
    record ClockRequest(long days) {}

    @PutMapping
    Request configure(@RequestBody Request request) {
        if (request.feeDelayMillis != null) {
            account.feeDelay(request.feeDelayMillis);
        }
        if (request.clockAheadSeconds != null) {
            clock.ahead(Duration.ofSeconds(request.clockAheadSeconds));
        }
        return request;
    }

    @PostMapping("/sessions/{id}/pay/{way}")
    Map<String, Object> pay(@PathVariable String id, @PathVariable Way way) {
        return told(() -> Map.of("done", cards.pay(id, way)));
    }

    /**
     * What a payer is charged, if it is not what was asked for; what is absent stays.
     *
     * @param amount in cents
     * @param livemode that the money is real
     */
    record Wrong(
            @Nullable Long amount,
            @Nullable String currency,
            @Nullable Boolean livemode) {}

    /** From now on the session is another than was asked for. */
    @PostMapping("/sessions/{id}/wrong")
    Map<String, Object> wrong(@PathVariable String id, @RequestBody Wrong wrong) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("amount_total", wrong.amount);
        to.put("currency", wrong.currency);
        to.put("livemode", wrong.livemode);
        to.values().removeIf(Objects::isNull);
        return told(() -> account.shown(account.alter(id, to)));
    }

    /** {@code how}: {@code arrives}, or {@code fails}: the bank would not have it. */
    @PostMapping("/payouts/{how}")
    Map<String, Object> payOut(@PathVariable String how) {
        return told(() -> account.shown(balance.payOut(how.equals("arrives"))));
    }

    /** {@code how}: {@code arrives} or {@code returns}. */
    @PostMapping("/sessions/{id}/bank-debit/{how}")
    Map<String, Object> settle(@PathVariable String id, @PathVariable String how) {
        return told(() -> {
            account.settleBankDebit(id, how.equals("arrives"));
            return Map.of("session", id);
        });
    }

    @PostMapping("/sessions/{id}/expire")
    Map<String, Object> expire(@PathVariable String id) {
        account.expire(id);
        return Map.of("session", id);
    }

    @PostMapping("/payments/{id}/refund")
    Map<String, Object> refund(@PathVariable String id, @RequestBody RefundRequest request) {
        return told(() -> account.shown(returns.refund(id, request.amount, Map.of())));
    }

    @PostMapping("/refunds/{id}/fail")
    Map<String, Object> failRefund(@PathVariable String id) {
        return told(() -> {
            returns.failRefund(id);
            return Map.of("refund", id);
        });
    }

    @PostMapping("/payments/{id}/dispute")
    Map<String, Object> dispute(@PathVariable String id) {
        return told(() -> account.shown(returns.dispute(id)));
    }

    /** {@code how}: {@code won} or {@code lost}. */
    @PostMapping("/disputes/{id}/{how}")
    Map<String, Object> closeDispute(@PathVariable String id, @PathVariable String how) {
        return told(() -> {
            returns.closeDispute(id, how.equals("won"));
            return Map.of("dispute", id);
        });
    }

    /** Renews, tries again and ends what falls due on the way. */
    @PostMapping("/clock")
    Map<String, Object> clock(@RequestBody ClockRequest request) {
        return told(() -> subscriptions.advance(request.days));
    }

    /** {@code how}: {@code good} or {@code declined}, for the payments to come. */
    @PostMapping("/subscriptions/{id}/card/{how}")
    Map<String, Object> card(@PathVariable String id, @PathVariable String how) {
        return told(() -> {
            subscriptions.card(id, how.equals("good"));
            return Map.of("subscription", id);
        });
    }

    /** What a saved card does from now on when its owner is away. */
    @PostMapping("/payment-methods/{id}/{away}")
    Map<String, Object> behave(@PathVariable String id, @PathVariable SavedCards.Away away) {
        return told(() -> {
            cards.behave(id, away);
            return Map.of("payment_method", id);
        });
    }

    private Map<String, Object> told(StripeMemory.Work<Map<String, Object>> work) {
        try {
            return memory.together(work);
        } catch (StripeError e) {
            throw new ResponseStatusException(HttpStatus.valueOf(e.status()), e.getMessage());
        }
    }
}
