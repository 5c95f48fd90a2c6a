package ai.callmeback.db.ledger;

import ai.callmeback.domain.UserId;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Posts credits and money, once per business fact.
 *
 * <p><b>Retry contract, for every write.</b> The business key is made from the request (see each method). The first
 * request posts. An identical repeat, also a concurrent one, posts nothing and returns the first result as {@code
 * AlreadyPosted}. A request with the same key and another body posts nothing and returns {@link Conflict}. A refusal
 * (insufficient credits, unknown hold) stores nothing, so the same request may succeed later. An error signal means that
 * the outcome is <em>unknown</em>: repeat the same request, that is always safe.
 *
 * <p>Bad input (no seconds, a blank reference) is refused by the request records with {@link IllegalArgumentException}
 * before anything is sent.
 *
 * <p>Called inside a reactive transaction, a write joins it and is as durable as that transaction.
 */
public interface Ledger {

    /** The ledger of a database; what is past a deadline is judged by {@code clock}. */
    static Ledger on(DatabaseClient client, InstantSource clock) {
        return new R2dbcLedger(client, clock);
    }

    /**
     * Gives a user credits. Key: {@code grant:} and the request's own key, such as {@code trial:<userId>} or the payment
     * intent. Credits with a price enter at that price; revenue is recognised as they are used.
     */
    Mono<GrantOutcome> grant(GrantRequest request);

    /**
     * Sets credits aside for a call, burning grants by priority, then expiry, then age. Key: the hold's id. The deadline
     * is not part of the body: a repeat with another one returns the first result, whose deadline stands.
     */
    Mono<HoldOutcome> hold(HoldRequest request);

    /** Adds seconds to an open hold. Key: the hold's id and the request's idempotency key. */
    Mono<GrowOutcome> grow(GrowRequest request);

    /**
     * Says that a phone may ring for this hold. From here on no sweep expires it, it is only flagged when overdue. Call
     * it in the transaction that writes the dial intent, and dial only when the answer is {@link
     * DialIntentOutcome.Marked}. A repeat is {@code Marked} again. Not a posting.
     */
    Mono<DialIntentOutcome> markDialIntended(UUID holdId);

    /**
     * Charges a hold and releases the rest of it in the same posting: at most what the hold reaches, and {@link
     * CaptureReceipt#uncovered()} says what it did not reach (never charged). Key: the hold's id; the hold resolves once.
     *
     * <p>If the hold had expired, the charge takes what is available now, and what is not becomes a receivable, which
     * {@link #recover} takes from later grants.
     */
    Mono<CaptureOutcome> capture(CaptureRequest request);

    /**
     * Gives a whole hold back. Seconds of a grant that expired meanwhile do not come back: they are booked as breakage in
     * the same posting. Key: the hold's id; the hold resolves once.
     */
    Mono<ReleaseOutcome> release(ReleaseRequest request);

    /**
     * Takes what a user owes (see {@link #capture}) from credits available now, as far as they reach. Key: {@code
     * recover:} and the request's own key, such as that of the grant that made it possible.
     */
    Mono<RecoverOutcome> recover(RecoverRequest request);

    /**
     * Expires open holds past their deadline and books the breakage of grants past their expiry, at most {@code limit} of
     * each; rows locked by others are left for the next sweep. A hold with a dial intent is only flagged. Safe to run at
     * any time, from any number of processes.
     */
    Mono<SweepReport> sweep(int limit);

    /** What a user can use now, what is set aside, what is owed. Expired grants do not count, swept or not. */
    Mono<Balance> balance(UserId userId);

    /** The hold as it is now; empty if there is none. */
    Mono<Hold> findHold(UUID holdId);

    /** Proves the whole ledger from its entries; reads everything, so it takes time in proportion. */
    Mono<AuditReport> audit();
}
