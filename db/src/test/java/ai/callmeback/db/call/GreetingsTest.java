package ai.callmeback.db.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.conversation.Brief;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GreetingsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;
    private Greetings greetings;

    @BeforeEach
    void open() {
        fixture = new CallFixture(DB);
        greetings = new Greetings(DB.client());
        DB.execute("delete from greetings");
    }

    @Test
    void aCallThatRingsIsTakenOnceAndItsSpeechComesWithItsTokenOnce() {
        CallRecord call = fixture.dialing();
        String token = fixture.offer(call, 1, "w1").getFirst();
        assertThat(greetings.take(StreamTokens.hash(token)).blockOptional()).isEmpty();
        assertThat(taken()).containsOnlyOnce(CallFixture.brief(call.id(), 1));
        assertThat(taken()).doesNotContain(CallFixture.brief(call.id(), 1));
        assertThat(greetings.take(StreamTokens.hash(token)).blockOptional())
                .as("not spoken yet")
                .isEmpty();
        Greetings.Alignment times = new Greetings.Alignment("Hey", List.of(0, 60, 120), List.of(60, 60, 60));
        greetings
                .put(call.id(), 1, new Greetings.Greeting(new byte[] {1, -1, 5}, times))
                .block();
        assertThat(greetings.take(StreamTokens.hash(token)).block()).satisfies(greeting -> {
            assertThat(greeting.mulaw()).containsExactly(1, -1, 5);
            assertThat(greeting.alignment()).isEqualTo(times);
        });
        assertThat(greetings.take(StreamTokens.hash(token)).blockOptional()).isEmpty();
        assertThat(taken())
                .as("played, though the call still rings as far as we know")
                .doesNotContain(CallFixture.brief(call.id(), 1));
    }

    @Test
    void aCallWhoseStreamWasClaimedIsLeftToIt() {
        CallRecord call = fixture.dialing();
        DB.execute("insert into media_legs (call_id, media_leg, attempt, incarnation, claimed_at) values ('" + call.id()
                + "', 1, 1, 'w1', now())");
        assertThat(taken()).doesNotContain(CallFixture.brief(call.id(), 1));
    }

    /** With and without a greeting before it: a phone answered at once has had none. */
    @Test
    void whatAWorkerLeavesThatStepsDownComesWithTheNextTokenOnce() {
        for (boolean greeted : List.of(true, false)) {
            CallRecord call = fixture.dialing();
            String token = fixture.offer(call, 1, "w1").getFirst();
            if (greeted) {
                taken();
            }
            Greetings.Alignment times = new Greetings.Alignment("on", List.of(0, 60), List.of(60, 60));
            greetings
                    .leave(call.id(), 1, new Greetings.Greeting(new byte[] {7, 8}, times))
                    .block();
            assertThat(greetings.take(StreamTokens.hash(token)).block()).satisfies(words -> {
                assertThat(words.mulaw()).containsExactly(7, 8);
                assertThat(words.alignment()).isEqualTo(times);
            });
            assertThat(greetings.take(StreamTokens.hash(token)).blockOptional()).isEmpty();
        }
    }

    @Test
    void onlyCallsThatRingAreTakenAndWhatNobodyPlayedGoes() {
        CallRecord call = fixture.dialing();
        assertThat(greetings.isAlive(call.id()).block()).isTrue();
        taken();
        DB.execute("update greetings set begun_at = now() - interval '11 minutes'");
        for (CallStatus status : List.of(CallStatus.RINGING, CallStatus.IN_PROGRESS, CallStatus.ENDED)) {
            fixture.calls
                    .move(call.id(), status, CallStore.Move.of("step-" + status), CallFixture.NOW)
                    .block();
        }
        assertThat(taken()).doesNotContain(CallFixture.brief(call.id(), 1));
        assertThat(DB.query("select 1 from greetings where call_id = '" + call.id() + "'"))
                .isEmpty();
        assertThat(greetings.isAlive(call.id()).block()).isFalse();
    }

    private List<Brief> taken() {
        return greetings.take(100).collectList().block();
    }
}
