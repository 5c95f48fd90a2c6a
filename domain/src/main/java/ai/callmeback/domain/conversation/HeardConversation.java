package ai.callmeback.domain.conversation;

import ai.callmeback.domain.conversation.Turn.Speaker;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Folds a journal into the conversation as both sides heard it. A turn that was closed says itself what was heard; one
 * that was open when its worker died is cut at the last whole word before its last mark, through the alignment of its
 * characters.
 */
public final class HeardConversation {
    private HeardConversation() {}

    /** The turns in order. Silent turns (nothing of them was heard) are left out. */
    public static List<Turn> fold(List<JournalEvent> journal) {
        var turns = new TreeMap<Integer, Draft>();
        journal.stream()
                .sorted(Comparator.comparingInt(JournalEvent::mediaLeg).thenComparingLong(JournalEvent::sequence))
                .filter(e -> e.turn() > 0)
                .forEach(e -> turns.computeIfAbsent(e.turn(), n -> new Draft(n, e.at()))
                        .take(e));
        return turns.values().stream()
                .map(Draft::toTurn)
                .filter(t -> !t.text().isBlank())
                .toList();
    }

    /** How many characters of a segment have been spoken when playback has come {@code heardMs} into it. */
    static int charsHeard(List<Integer> charEndMs, int heardMs) {
        int chars = 0;
        while (chars < charEndMs.size() && charEndMs.get(chars) <= heardMs) {
            chars++;
        }
        return chars;
    }

    private static final class Draft {
        private final int number;
        private final Instant at;
        private final TreeMap<Integer, Segment> segments = new TreeMap<>();
        private Speaker speaker = Speaker.AGENT;
        private @Nullable String closedText;
        private String partial = "";
        private boolean interrupted;

        Draft(int number, Instant at) {
            this.number = number;
            this.at = at;
        }

        void take(JournalEvent event) {
            switch (event.kind()) {
                case USER_PARTIAL -> {
                    speaker = Speaker.USER;
                    partial = event.text();
                }
                case USER_SAID -> {
                    speaker = Speaker.USER;
                    closedText = event.text();
                }
                case AGENT_PLANNED ->
                    segments.computeIfAbsent(event.segment(), s -> new Segment())
                            .plan(event);
                case AGENT_HEARD ->
                    segments.computeIfAbsent(event.segment(), s -> new Segment())
                            .heard(event);
                case AGENT_SAID -> {
                    closedText = event.text();
                    interrupted = event.interrupted();
                }
                case LEG_STARTED, VENDOR_REQUEST, NOTE -> {
                    // Says nothing about what was heard.
                }
            }
        }

        Turn toTurn() {
            if (closedText != null) {
                return new Turn(number, speaker, closedText, interrupted, at);
            }
            if (speaker == Speaker.USER) {
                return new Turn(number, speaker, partial, false, at);
            }
            var planned = new StringBuilder();
            int heard = 0;
            for (Segment segment : segments.values()) {
                // Played in order: what comes before a piece that was heard was heard.
                heard = segment.charsHeard() == 0 ? heard : planned.length() + segment.charsHeard();
                planned.append(segment.text);
            }
            boolean complete = heard == planned.length();
            String text = planned.substring(0, WholeWords.lengthWithin(planned, heard));
            return new Turn(number, speaker, text.stripTrailing(), !complete, at);
        }
    }

    private static final class Segment {
        private String text = "";
        private List<Integer> charEndMs = List.of();
        private int heardMs;

        void plan(JournalEvent event) {
            text = event.text();
            charEndMs = event.charEndMs();
        }

        void heard(JournalEvent event) {
            if (event.heardMs() != null) {
                heardMs = Math.max(heardMs, event.heardMs());
            }
        }

        int charsHeard() {
            return Math.min(text.length(), HeardConversation.charsHeard(charEndMs, heardMs));
        }
    }
}
