package ai.callmeback.activities.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.trace.CallSpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call of three legs: the first worker gave it away, the second was killed, the third as well, with nobody after it. */
class LostLegSpansTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final String NOON = "2026-11-21T12:00:";

    @Test
    void legsThatNobodyToldOfAreToldFromTheirClaimToTheLastSignOfLife() {
        CallId call = talked();
        leg(call, 1, "00Z", "'" + NOON + "10Z'");
        note(call, 1, 1, "09Z", "NOTE", "{\"legOver\":\"drain\"}");
        leg(call, 2, "11Z", "'" + NOON + "20Z'");
        note(call, 2, 1, "21Z", "USER_PARTIAL", "{}");
        leg(call, 3, "22Z", "null");
        DB.execute("insert into media_owners (call_id, attempt, media_leg, ordinal, incarnation, claimed_at,"
                + " lease_until, renewed_at) values ('" + call + "', 1, 3, 3, 'w3', '" + NOON
                + "22Z', '" + NOON + "33Z', '" + NOON + "30Z')");

        List<CallSpan> spans = new ArrayList<>();
        LostLegSpans legs = new LostLegSpans(new MediaOwners(DB.client()), spans::add);
        legs.tell(call);
        assertThat(spans).extracting(CallSpan::key).containsExactly("leg-2", "leg-3");
        assertThat(spans).extracting(CallSpan::error).containsOnly("leg_lost");
        assertThat(spans).extracting(CallSpan::parentKey).containsOnly(CallSpan.WORKFLOW);
        assertThat(spans).extracting(CallSpan::start).containsExactly(at("11Z"), at("22Z"));
        assertThat(spans).extracting(CallSpan::end).containsExactly(at("21Z"), at("30Z"));

        legs.tell(call);
        assertThat(spans).as("a repeat tells the same").hasSize(4);
        assertThat(spans.subList(2, 4)).isEqualTo(spans.subList(0, 2));
    }

    private static Instant at(String second) {
        return Instant.parse(NOON + second);
    }

    private static void leg(CallId call, int leg, String claimed, String ended) {
        DB.execute("insert into media_legs (call_id, media_leg, attempt, incarnation, claimed_at, ended_at) values ('"
                + call + "', " + leg + ", 1, 'w" + leg + "', '" + NOON + claimed + "', " + ended + ")");
    }

    private static void note(CallId call, int leg, int sequence, String second, String kind, String detail) {
        DB.execute("insert into conversation_events (call_id, media_leg, seq, at, kind, turn, segment, text, detail)"
                + " values ('" + call + "', " + leg + ", " + sequence + ", '" + NOON + second + "', '" + kind
                + "', 0, 0, '', '" + detail + "')");
    }

    private static CallId talked() {
        UUID user = UUID.randomUUID();
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, pseudonym) values ('" + user + "', '"
                + user + "@example.com', 'x', 'Ann', 'u-" + user + "')");
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, status, attempt, answered_at, created_at, updated_at) values ('"
                + call + "', '" + user + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{}',"
                + " 'IN_PROGRESS', 1, now(), now(), now())");
        return call;
    }
}
