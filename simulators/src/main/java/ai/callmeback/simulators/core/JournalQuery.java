package ai.callmeback.simulators.core;

import org.jspecify.annotations.Nullable;

/** What to read from the journal; an absent filter matches everything, {@code afterSeq} is exclusive. */
public record JournalQuery(
        @Nullable String vendor,
        @Nullable String call,
        @Nullable String kind,
        long afterSeq,
        int limit) {

    /** Everything, up to the journal's own bound. */
    public static final JournalQuery ALL = new JournalQuery(null, null, null, 0, Integer.MAX_VALUE);

    /** Entries of one vendor. */
    public static JournalQuery ofVendor(String vendor) {
        return new JournalQuery(vendor, null, null, 0, Integer.MAX_VALUE);
    }

    /** Entries of one call or vendor session. */
    public static JournalQuery ofCall(String call) {
        return new JournalQuery(null, call, null, 0, Integer.MAX_VALUE);
    }

    boolean matches(JournalEntry entry) {
        return entry.seq() > afterSeq
                && (vendor == null || vendor.equals(entry.vendor()))
                && (call == null || call.equals(entry.call()))
                && (kind == null || kind.equals(entry.kind()));
    }
}
