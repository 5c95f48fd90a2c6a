package ai.callmeback.db.recording;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.call.CallTranscripts;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No sound without a yes, and none longer than its time. */
class RecordingsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private Recordings recordings;

    @BeforeEach
    void open() {
        recordings = new Recordings(DB.client());
    }

    @Test
    void nothingIsTakenInOfACallNobodyAgreedTo() {
        CallId call = call(user());
        assertThat(keep(call, 0, NOW)).isFalse();
        assertThat(places(call)).isZero();

        recordings.decide(call, NOW).block();
        assertThat(recordings.consentOf(call).block()).contains(NOW);
        assertThat(keep(call, 0, NOW)).isTrue();
        assertThat(keep(call, 0, NOW)).as("a repeat").isTrue();
        assertThat(places(call)).isEqualTo(1);
    }

    @Test
    void aYesForAllCallsHoldsForThoseBookedLaterAndANoForThoseNotOver() {
        UserId user = user();
        CallId before = call(user);
        recordings.agree(user, NOW).block();
        recordings.agree(user, NOW.plusSeconds(9)).block();
        CallId after = call(user);
        CallId over = call(user);
        DB.execute("update calls set ended_at = now() where id = '" + over + "'");

        assertThat(recordings.consentOf(user).block()).contains(NOW);
        assertThat(recordings.consentOf(before).block()).isEmpty();
        assertThat(recordings.consentOf(after).block()).contains(NOW);

        keep(after, 0, NOW);
        recordings.refuse(user).block();
        assertThat(recordings.consentOf(user).block()).isEqualTo(Optional.empty());
        assertThat(keep(after, 1, NOW)).as("in mid-call").isFalse();
        assertThat(places(after)).isEqualTo(1);
        assertThat(recordings.consentOf(over).block()).contains(NOW);
    }

    @Test
    void whatIsForgottenIsGoneAndNothingFollows() {
        CallId call = recorded();
        CallId other = recorded();
        recordings.forget(call).block();
        assertThat(places(call)).isZero();
        assertThat(keep(call, 1, NOW)).isFalse();
        assertThat(places(other)).isEqualTo(1);
        recordings.forget(call).block();
    }

    @Test
    void soundGoesByItsAgeAndWithTheWords() {
        CallId call = recorded();
        keep(call, 1, NOW.plusSeconds(100));
        assertThat(recordings.purgeBefore(NOW, 100).block()).isZero();
        assertThat(recordings.purgeBefore(NOW.plusSeconds(1), 100).block()).isPositive();
        assertThat(places(call)).isEqualTo(1);

        new CallTranscripts(DB.client()).purge(call, NOW).block();
        assertThat(places(call)).isZero();
    }

    private CallId recorded() {
        CallId call = call(user());
        recordings.decide(call, NOW).block();
        keep(call, 0, NOW);
        return call;
    }

    private boolean keep(CallId call, int number, Instant at) {
        return Boolean.TRUE.equals(recordings
                .append(new SoundChunk(call, 1, number, at, 2, new byte[] {1, 2, 3, 4}))
                .block());
    }

    private long places(CallId call) {
        return recordings.places(call).count().block();
    }

    private static UserId user() {
        UUID id = UUID.randomUUID();
        DB.execute("insert into users (id, email, password_hash, display_name, pseudonym) values ('" + id + "', '" + id
                + "@example.com', 'x', 'Ann', 'u-" + id + "')");
        return new UserId(id);
    }

    private static CallId call(UserId user) {
        UUID id = UUID.randomUUID();
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + id + "', '" + user
                + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{}', now(), now())");
        return new CallId(id);
    }
}
