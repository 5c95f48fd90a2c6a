package ai.callmeback.db.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class MediaRehearsalTest {
    private static final List<String> TABLES = List.of(
            "users",
            "calls",
            "call_events",
            "dial_intents",
            "stream_tokens",
            "media_owners",
            "media_legs",
            "briefs",
            "conversation_events",
            "call_turns",
            "greetings");

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    @Test
    void aHandOverIsPlayedWholeOnManyConnectionsAtOnceAndNothingOfItIsLeft() {
        CallFixture fixture = new CallFixture(DB);
        MediaRehearsal rehearsal = new MediaRehearsal(
                DB.client(),
                DB.transactions(),
                fixture.briefs,
                fixture.journal,
                fixture.owners,
                new Greetings(DB.client()));
        List<Long> before = rows();

        List<ClaimOutcome> outcomes = Flux.range(0, 16)
                .flatMap(i -> play(rehearsal, new CallId(UUID.randomUUID())), 16)
                .collectList()
                .block();

        assertThat(outcomes)
                .hasSize(16)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(ClaimOutcome.Claimed.class, claimed -> {
                            assertThat(claimed.mediaLeg()).isEqualTo(2);
                            assertThat(claimed.journal()).hasSize(2);
                        }));
        assertThat(rows()).isEqualTo(before);
    }

    private static Mono<ClaimOutcome> play(MediaRehearsal rehearsal, CallId call) {
        return rehearsal.play(
                "w1",
                CallFixture.brief(call, 1),
                List.of(
                        line(call, 1, JournalKind.USER_SAID, 1, "Hello."),
                        line(call, 2, JournalKind.AGENT_PLANNED, 2, "Well")),
                new Greetings.Greeting(new byte[] {1}, new Greetings.Alignment("a", List.of(0), List.of(1))),
                CallFixture.NOW);
    }

    private static JournalEvent line(CallId call, long sequence, JournalKind kind, int turn, String text) {
        return new JournalEvent(
                call, 1, sequence, CallFixture.NOW, kind, turn, 0, text, List.of(), null, false, null, null);
    }

    private static List<Long> rows() {
        return TABLES.stream()
                .map(table -> DB.client()
                        .sql("select count(*) as n from " + table)
                        .map(row -> row.get("n", Long.class))
                        .one()
                        .block())
                .toList();
    }
}
