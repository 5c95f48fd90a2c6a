package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What was generated and billed. The history keeps the newest {@value #MAX_ITEMS}. */
@Component
final class TtsAccount implements Resettable {
    /** One generation, as the history shows it. */
    record Item(
            String itemId,
            String requestId,
            String voiceId,
            String modelId,
            String text,
            long dateUnix,
            long countFrom,
            long countTo) {}

    private static final int MAX_ITEMS = 10_000;

    private final Journal journal;
    private final SimTime time;
    private final Deque<Item> items = new ArrayDeque<>();
    /** Credits in halves: the cheapest models cost half a credit a character. */
    private long halfCredits;

    TtsAccount(Journal journal, SimTime time) {
        this.journal = journal;
        this.time = time;
    }

    /** Bills {@code text} now that its generation begins; returns its characters. */
    int bill(TtsOptions options, String requestId, @Nullable String contextId, String text, int audioMillis) {
        int characters = text.codePointCount(0, text.length());
        VoiceModel model = options.model();
        journal.append(
                "elevenlabs",
                requestId,
                "generation",
                Details.of(
                        "contextId", contextId,
                        "voiceId", options.voiceId(),
                        "model", model.id,
                        "text", text,
                        "characters", characters,
                        "credits", characters * model.costMultiplier,
                        "audioMs", audioMillis));
        synchronized (items) {
            long from = halfCredits / 2;
            halfCredits += Math.round(2 * characters * model.costMultiplier);
            if (options.logged()) {
                remember(new Item(
                        UUID.randomUUID().toString(),
                        requestId,
                        options.voiceId(),
                        model.id,
                        text,
                        time.now().getEpochSecond(),
                        from,
                        halfCredits / 2));
            }
        }
        return characters;
    }

    long credits() {
        synchronized (items) {
            return halfCredits / 2;
        }
    }

    /** Newest first. */
    List<Item> history() {
        synchronized (items) {
            return new ArrayList<>(items.reversed());
        }
    }

    @Override
    public void reset() {
        synchronized (items) {
            items.clear();
            halfCredits = 0;
        }
    }

    private void remember(Item item) {
        if (items.size() == MAX_ITEMS) {
            items.removeFirst();
        }
        items.addLast(item);
    }
}
