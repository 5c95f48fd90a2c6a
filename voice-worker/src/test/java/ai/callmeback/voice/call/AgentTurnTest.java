package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.HeardConversation;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.mouth.TurnSpeech;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentTurnTest {
    private static final CallId CALL = new CallId(new UUID(3, 4));

    /** Guard of hand-over: pieces whose last letters sound on in the next piece lose none of them. */
    @Test
    void aTurnThatDiesIsRememberedWithEveryLetterThatSounded() {
        var turn = new AgentTurn(1, 0, true, null);
        var lines = new ArrayList<CallJournal.Line>();
        for (String piece : List.of("Let me", " tell you", " a story")) {
            lines.add(planned(turn, piece));
        }
        // 60 ms a letter, but every piece's audio is 40 ms shorter than its letters take.
        turn.journalHeard(300, lines::add);
        turn.journalHeard(320 + 500 + 60, lines::add);

        assertThat(remembered(lines)).isEqualTo("Let me tell you");
    }

    private static CallJournal.Line planned(AgentTurn turn, String text) {
        int[] starts = new int[text.length()];
        int[] durations = new int[text.length()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i * 60;
            durations[i] = 60;
        }
        int bytes = (text.length() * 60 - 40) * 8;
        TurnSpeech.Segment segment = turn.speech.add(
                new TtsEvent.Audio(
                        "context",
                        Unpooled.wrappedBuffer(new byte[bytes]),
                        0,
                        new TtsEvent.Alignment(text, starts, durations)),
                "");
        return CallJournal.Line.planned(turn.number, segment.number(), segment.text(), segment.charEndMillis());
    }

    private static String remembered(List<CallJournal.Line> lines) {
        var journal = new ArrayList<JournalEvent>();
        for (CallJournal.Line line : lines) {
            journal.add(new JournalEvent(
                    CALL,
                    1,
                    journal.size() + 1,
                    Instant.EPOCH,
                    line.kind(),
                    line.turn(),
                    line.segment(),
                    line.text(),
                    line.charEndMs(),
                    line.heardMs(),
                    line.interrupted(),
                    line.latencyMs(),
                    line.detail()));
        }
        return HeardConversation.fold(journal).stream()
                .map(Turn::text)
                .findFirst()
                .orElse("");
    }
}
