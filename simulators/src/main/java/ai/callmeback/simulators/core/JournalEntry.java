package ai.callmeback.simulators.core;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that really happened at a vendor or on a phone.
 *
 * @param seq position in the journal, from 1, never reused (also after a reset)
 * @param at when, by the simulators' clock
 * @param vendor {@code twilio}, {@code phone}, {@code deepgram}, {@code elevenlabs}, {@code llm}, {@code resend}
 * @param call what it belongs to: the call sid for telephony and phones, the vendor's own session or request id elsewhere
 * @param kind stable dotted name, such as {@code call.created}
 * @param detail plain values (text, numbers, booleans, lists and maps of them)
 */
public record JournalEntry(
        long seq, Instant at, String vendor, @Nullable String call, String kind, Map<String, Object> detail) {}
