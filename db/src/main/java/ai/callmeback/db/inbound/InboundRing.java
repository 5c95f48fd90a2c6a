package ai.callmeback.db.inbound;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody rings, as the telephony tells it.
 *
 * @param persona whose number was rung; null when it is nobody's
 * @param caller null when withheld, or not to be believed
 * @param callId of the call that this becomes if it is let in
 * @param guestId of the account made up for an unknown caller who has none yet
 * @param guestPseudonym the same account's
 */
public record InboundRing(
        String callSid,
        @Nullable PersonaId persona,
        E164 called,
        @Nullable Caller caller,
        CallId callId,
        UserId guestId,
        String guestPseudonym,
        Instant at) {

    /** @param hash keyed, the only form in which the number of an unknown caller is kept */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and only read
    public record Caller(E164 number, byte[] hash) {}
}
