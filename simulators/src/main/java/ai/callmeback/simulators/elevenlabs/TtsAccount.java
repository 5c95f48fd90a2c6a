package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.LineFile;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
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

    private final NavigableMap<LocalDate, Long> halvesByDay = new TreeMap<>();
    private final LineFile file;

    /** One generation, as the file keeps it. */
    record Spent(LocalDate day, long halfCredits) {}

    /** @param file what was used in earlier runs of the simulators: a vendor forgets no bill */
    TtsAccount(Journal journal, SimTime time, @Qualifier("elevenLabsUsage") LineFile file) {
        this.journal = journal;
        this.time = time;
        this.file = file;
        for (String line : file.found()) {
            Spent spent = Json.read(line, Spent.class);
            if (spent != null) {
                halvesByDay.merge(spent.day(), spent.halfCredits(), Long::sum);
                halfCredits += spent.halfCredits();
            }
        }
    }

    /** Credits of each day, UTC, the last one included; logged or not. */
    SortedMap<LocalDate, Double> creditsByDay(LocalDate first, LocalDate last) {
        SortedMap<LocalDate, Double> credits = new TreeMap<>();
        synchronized (items) {
            first.datesUntil(last.plusDays(1))
                    .forEach(day -> credits.put(day, halvesByDay.getOrDefault(day, 0L) / 2.0));
        }
        return credits;
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
            Spent spent = new Spent(
                    LocalDate.ofInstant(time.now(), ZoneOffset.UTC), Math.round(2 * characters * model.costMultiplier));
            halfCredits += spent.halfCredits();
            halvesByDay.merge(spent.day(), spent.halfCredits(), Long::sum);
            file.append(Json.write(spent));
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
            halvesByDay.clear();
        }
        file.clear();
    }

    private void remember(Item item) {
        if (items.size() == MAX_ITEMS) {
            items.removeFirst();
        }
        items.addLast(item);
    }
}
