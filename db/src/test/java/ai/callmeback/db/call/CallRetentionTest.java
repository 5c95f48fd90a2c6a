package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was said goes when its time is over, also where nobody but the sweep remembers. */
class CallRetentionTest {
    private static final Duration KEPT = Duration.ofDays(90);

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;

    @BeforeEach
    void open() {
        DB.execute("update calls set words_purged_at = now()");
        fixture = new CallFixture(DB);
    }

    @Test
    void theWordsOfACallThatIsOverGoOnceItsTimeIsOver() {
        CallId call = canceled("my mother is ill");
        assertThat(sweep(KEPT.minusSeconds(1))).isZero();
        assertThat(wordsOf(call)).containsExactly(Map.of("pretext", "my mother is ill", "purged", false));

        assertThat(sweep(KEPT.plusSeconds(1))).isEqualTo(1);
        assertThat(wordsOf(call)).containsExactly(Map.of("pretext", "", "purged", true));
        assertThat(sweep(KEPT.plusSeconds(1))).as("a repeat").isZero();
    }

    @Test
    void aCallThatIsNotOverKeepsItsWordsHoweverOld() {
        CallId call = accepted("still waiting");
        assertThat(sweep(KEPT.multipliedBy(2))).isZero();
        assertThat(wordsOf(call)).containsExactly(Map.of("pretext", "still waiting", "purged", false));
    }

    @Test
    void aSweepTakesNoMoreThanItsLimitAndGoesOnWithTheRest() {
        canceled("one");
        canceled("two");
        canceled("three");
        assertThat(fixture.transcripts
                        .purgeOverBefore(NOW.plusSeconds(1), 2, NOW)
                        .block())
                .isEqualTo(2);
        assertThat(fixture.transcripts
                        .purgeOverBefore(NOW.plusSeconds(1), 2, NOW)
                        .block())
                .isEqualTo(1);
    }

    /** The sweep as it runs so long after the calls. */
    private long sweep(Duration later) {
        Long purged = fixture.transcripts
                .purgeOverBefore(NOW.plus(later).minus(KEPT), 10, NOW.plus(later))
                .block();
        return purged == null ? -1 : purged;
    }

    private CallId canceled(String pretext) {
        CallId call = accepted(pretext);
        fixture.calls
                .move(call, CallStatus.CANCELED, CallStore.Move.of("canceled"), NOW)
                .block();
        return call;
    }

    private CallId accepted(String pretext) {
        NewCall call = CallFixture.request(fixture.user(1), null, pretext);
        fixture.calls.accept(call).block();
        return call.id();
    }

    private static List<Map<String, Object>> wordsOf(CallId call) {
        return DB.query("select pretext, words_purged_at is not null as purged from calls where id = '" + call + "'");
    }
}
