package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.Resettable;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Lets what the journal says of money outlast the process, with what it is about: {@link StripeMemory}. */
@Component
class StripeJournal implements Resettable {
    private static final String KIND = "journal";
    /** The oldest go. */
    private static final int MAX_ENTRIES = 20_000;

    private final StripeMemory memory;
    private final ArrayDeque<String> kept = new ArrayDeque<>();

    StripeJournal(StripeMemory memory, Journal journal) {
        this.memory = memory;
        memory.found(KIND).forEach((id, entry) -> {
            kept.add(id);
            @SuppressWarnings("unchecked") // written by keep
            Map<String, Object> detail = (Map<String, Object>) entry.get("detail");
            journal.restore(
                    Instant.parse(String.valueOf(entry.get("at"))),
                    "stripe",
                    String.valueOf(entry.get("call")),
                    String.valueOf(entry.get("kind")),
                    detail);
        });
        journal.listen(this::keep);
    }

    private void keep(JournalEntry entry) {
        // What becomes of events is kept with the events.
        if (!entry.vendor().equals("stripe") || entry.kind().startsWith("event.") || entry.call() == null) {
            return;
        }
        String id = UUID.randomUUID().toString();
        memory.keep(
                KIND,
                id,
                () -> Details.of(
                        "at",
                        entry.at().toString(),
                        "call",
                        entry.call(),
                        "kind",
                        entry.kind(),
                        "detail",
                        entry.detail()));
        synchronized (kept) {
            kept.add(id);
            if (kept.size() > MAX_ENTRIES) {
                memory.keep(KIND, kept.remove(), () -> null);
            }
        }
    }

    @Override
    public void reset() {
        synchronized (kept) {
            kept.clear();
        }
    }
}
