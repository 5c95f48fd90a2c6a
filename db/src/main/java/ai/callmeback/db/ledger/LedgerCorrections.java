package ai.callmeback.db.ledger;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.InstantSource;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What happens to credits and money after the fact: refunds, disputes, appeals, card fees. The retry contract is that of
 * {@link Ledger}. What users owe from claw-backs is the account {@code clawback_receivable}.
 */
public interface LedgerCorrections {

    /** The corrections of a ledger's database. */
    static LedgerCorrections on(DatabaseClient client, InstantSource clock) {
        return new R2dbcLedgerCorrections(client, clock);
    }

    /**
     * Takes a payment back, wholly or in part. The seconds it had paid for go: first what is unused, then what had expired
     * (its breakage is unwound); what was used or is held becomes receivable at its price. Held seconds that come back
     * later are taken by {@link Ledger#sweep}. Key: {@code clawback:} and the request's own.
     */
    Mono<ClawBackOutcome> clawBack(ClawBackRequest request);

    /** Undoes a claw-back: the dispute was won, or the refund failed. Key: {@code undo:} and the claw-back's. */
    Mono<UndoOutcome> undo(String clawBackKey);

    /**
     * Gives back what a call was charged, unwinding its recorded slices at the revenue recorded for them, the last slice
     * first. Only a hold that was captured in time; for others give goodwill credits. Key: {@code reverse:} and the
     * request's own.
     */
    Mono<ReverseOutcome> reverse(ReverseRequest request);

    /**
     * Books the fee of a payment or a dispute. An estimate stands until the actual fee is known, then the difference is
     * posted; an estimate that comes later changes nothing.
     *
     * @param payment whose fee, such as the payment intent's id
     * @return whether anything was booked now
     */
    Mono<Boolean> fee(String payment, UsdMicros amount, boolean estimated);

    /** A user's grants in burning order, exhausted ones too. */
    Flux<GrantBalance> grants(UserId userId);
}
