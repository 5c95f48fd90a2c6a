package ai.callmeback.domain.settlement;

import ai.callmeback.domain.Credits;
import java.util.List;
import java.util.function.Predicate;

/** The rules of charging, in order: the first row that applies decides. */
public final class ChargeTable {

    /** A call connected for this long or less is free. */
    public static final long FREE_CONNECTED_SECONDS = 15;

    /** More lost media than this is our fault and makes the call free. */
    public static final long TOLERATED_LOST_MEDIA_MS = 5_000;

    public static final List<ChargeRow> ROWS = List.of(
            free(ChargeReason.NEVER_ANSWERED, ChargeClock.TWILIO_STATUS, "never answered", facts -> !facts.answered()),
            free(
                    ChargeReason.MACHINE,
                    ChargeClock.TWILIO_ANSWERED_BY,
                    "answered by a machine",
                    CallFacts::answeredByMachine),
            free(
                    ChargeReason.TOO_SHORT,
                    ChargeClock.TWILIO_DURATION,
                    "connected " + FREE_CONNECTED_SECONDS + " s or less",
                    facts -> facts.connectedSeconds() <= FREE_CONNECTED_SECONDS),
            free(
                    ChargeReason.NO_USER_SPEECH,
                    ChargeClock.TRANSCRIPT_WORDS,
                    "no word of the user transcribed",
                    facts -> facts.userWords() == 0),
            free(
                    ChargeReason.VENDOR_FAULT,
                    ChargeClock.VOICE_FAULTS,
                    "unrecovered vendor fault",
                    CallFacts::unrecoveredVendorFault),
            free(
                    ChargeReason.LOST_MEDIA,
                    ChargeClock.VOICE_JOURNAL,
                    "more than " + TOLERATED_LOST_MEDIA_MS / 1_000 + " s of media lost through our fault",
                    facts -> facts.lostMediaMs() > TOLERATED_LOST_MEDIA_MS),
            new ChargeRow(
                    ChargeReason.BY_THE_SECOND,
                    ChargeDecision.CHARGED,
                    ChargeClock.TWILIO_DURATION,
                    "else: every second connected",
                    facts -> true));

    /** A call by the second that is no longer, with no more of the user's words, may have been no conversation. */
    public static final long OPEN_CONNECTED_SECONDS = 45;

    public static final int OPEN_USER_WORDS = 6;

    private ChargeTable() {}

    /** Whether somebody who has read the transcript may decide otherwise; until then the settlement by the rules stands. */
    public static boolean leavesOpen(CallFacts facts, Settlement byRules) {
        return byRules.reason() == ChargeReason.BY_THE_SECOND
                && facts.connectedSeconds() <= OPEN_CONNECTED_SECONDS
                && facts.userWords() <= OPEN_USER_WORDS;
    }

    /** Of an open call in which nobody wanted to talk. */
    public static Settlement noConversation() {
        return new Settlement(
                ChargeDecision.NOT_CHARGED, ChargeReason.NO_CONVERSATION, Credits.ZERO, ChargeClock.TRANSCRIPT_WORDS);
    }

    /** The first row that applies; there is always one, as the last applies to all. */
    public static Settlement settle(CallFacts facts) {
        ChargeRow row = ROWS.stream()
                .filter(candidate -> candidate.applies().test(facts))
                .findFirst()
                .orElseThrow();
        Credits charged =
                row.decision() == ChargeDecision.CHARGED ? new Credits(facts.connectedSeconds()) : Credits.ZERO;
        return new Settlement(row.decision(), row.reason(), charged, row.clock());
    }

    private static ChargeRow free(
            ChargeReason reason, ChargeClock clock, String condition, Predicate<CallFacts> applies) {
        return new ChargeRow(reason, ChargeDecision.NOT_CHARGED, clock, condition, applies);
    }
}
