package ai.callmeback.domain.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Turn.Speaker;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeardConversationTest {
    private static final CallId CALL = new CallId(new UUID(1, 2));
    private int sequence;

    @Test
    void closedTurnsSayThemselvesWhatWasHeard() {
        var turns = HeardConversation.fold(List.of(
                said(JournalKind.AGENT_SAID, 1, "Hey, it's Brad.", false),
                said(JournalKind.USER_SAID, 2, "The code word is tangerine.", false),
                said(JournalKind.AGENT_SAID, 3, "Tangerine, got", true)));
        assertThat(turns).extracting(Turn::speaker).containsExactly(Speaker.AGENT, Speaker.USER, Speaker.AGENT);
        assertThat(turns.getLast().interrupted()).isTrue();
    }

    /** A worker died in mid-sentence: the turn is cut at the last mark, by the alignment. */
    @Test
    void anOpenTurnIsCutAtItsLastMark() {
        String text = "Then we row at dawn.";
        var turns = HeardConversation.fold(List.of(
                line(JournalKind.AGENT_PLANNED, 1, 0, "First we sleep. ", ends("First we sleep. ", 50), null),
                line(JournalKind.AGENT_PLANNED, 1, 1, text, ends(text, 50), null),
                line(JournalKind.AGENT_HEARD, 1, 0, "", List.of(), 10_000),
                line(JournalKind.AGENT_HEARD, 1, 1, "", List.of(), 400)));
        assertThat(turns).singleElement().satisfies(turn -> {
            assertThat(turn.text()).isEqualTo("First we sleep. Then we");
            assertThat(turn.interrupted()).isTrue();
        });
    }

    /** Guard: {@code WholeWords}. A word broken off was not heard: the transcript of a live worker has none either. */
    @Test
    void aWordBrokenOffByADeathIsNotAmongWhatWasHeard() {
        String text = "Then we've rowed at dawn.";
        assertThat(List.of(250, 300, 450, 500, 650, 800, 1250).stream().map(heardMs -> heardOf(text, heardMs)))
                .containsExactly("Then", "Then", "Then", "Then we've", "Then we've", "Then we've rowed", text);
        assertThat(HeardConversation.fold(List.of(
                        line(JournalKind.AGENT_PLANNED, 1, 0, "Then we ro", ends("Then we ro", 50), null),
                        line(JournalKind.AGENT_PLANNED, 1, 1, "wed.", ends("wed.", 50), null),
                        line(JournalKind.AGENT_HEARD, 1, 0, "", List.of(), 500))))
                .as("divided between two pieces of the voice")
                .singleElement()
                .satisfies(turn -> {
                    assertThat(turn.text()).isEqualTo("Then we");
                    assertThat(turn.interrupted()).isTrue();
                });
    }

    private String heardOf(String text, int heardMs) {
        return HeardConversation.fold(List.of(
                        line(JournalKind.AGENT_PLANNED, 1, 0, text, ends(text, 50), null),
                        line(JournalKind.AGENT_HEARD, 1, 0, "", List.of(), heardMs)))
                .getFirst()
                .text();
    }

    @Test
    void anOpenUserTurnIsItsLastPartial() {
        var turns = HeardConversation.fold(List.of(
                said(JournalKind.USER_PARTIAL, 1, "I was", false),
                said(JournalKind.USER_PARTIAL, 1, "I was thinking", false)));
        assertThat(turns).singleElement().extracting(Turn::text).isEqualTo("I was thinking");
    }

    @Test
    void whatWasNeverHeardIsLeftOut() {
        assertThat(HeardConversation.fold(
                        List.of(line(JournalKind.AGENT_PLANNED, 1, 0, "Hello", ends("Hello", 60), null))))
                .isEmpty();
    }

    private JournalEvent said(JournalKind kind, int turn, String text, boolean interrupted) {
        return new JournalEvent(
                CALL, 1, ++sequence, Instant.EPOCH, kind, turn, 0, text, List.of(), null, interrupted, null, null);
    }

    private JournalEvent line(
            JournalKind kind, int turn, int segment, String text, List<Integer> ends, Integer heardMs) {
        return new JournalEvent(
                CALL, 1, ++sequence, Instant.EPOCH, kind, turn, segment, text, ends, heardMs, false, null, null);
    }

    private static List<Integer> ends(String text, int msPerChar) {
        return IntStream.rangeClosed(1, text.length())
                .map(i -> i * msPerChar)
                .boxed()
                .toList();
    }
}
