package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person asked to be forgotten is in no table any more; the books stay as they are. */
class ForgetPersonTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final String SECRET = "pepper the dog";

    @Test
    void nothingIsLeftThatSaysWhoItWas() {
        var fixture = new CallFixture(DB);
        CallRecord call = fixture.dialing();
        String user = call.userId().toString();
        String id = call.id().toString();
        DB.execute("select ledger_grant('g', '" + user + "', 600, 'goodwill', 0, 100, null, now());"
                + "update users set display_name = '" + SECRET + "', phone_e164 = '"
                + call.phone().value()
                + "' where id = '" + user + "';"
                + "update calls set pretext = '" + SECRET + "', summary = '" + SECRET + "' where id = '" + id + "';"
                + "insert into call_turns (call_id, turn, speaker, text, interrupted, at) values ('" + id
                + "', 1, 'USER', '" + SECRET + "', false, now());"
                + "insert into call_events values ('" + id + "', 90, 'turn', '{\"text\": \"" + SECRET
                + "\"}', now(), 'k');"
                + "insert into memories values ('" + UUID.randomUUID() + "', '" + user + "', 'brad_001', '" + id
                + "', 'k', '" + SECRET + "', now())");
        String email = user + "@example.com";
        assertThat(forget(user)).as("the call is not over").isEqualTo("under_way");
        assertThat(tablesWith(SECRET)).contains("users", "calls", "call_turns", "call_events", "memories");
        assertThat(tablesWith(call.phone().value())).contains("users", "calls");

        DB.execute("update calls set status = 'FAILED' where id = '" + id + "'");
        assertThat(forget(user)).isEqualTo("forgotten");
        assertThat(forget(user)).as("a repeat").isEqualTo("forgotten");

        assertThat(tablesWith(SECRET)).isEmpty();
        assertThat(tablesWith(email)).isEmpty();
        assertThat(tablesWith(call.phone().value())).isEmpty();
        assertThat(DB.query("select status from users where id = '" + user + "'"))
                .containsExactly(Map.of("status", "closed"));
        assertThat(DB.query("select available_seconds from ledger_grants where user_id = '" + user + "'"))
                .containsExactly(Map.of("available_seconds", 600L));
        assertThat(forget(UUID.randomUUID().toString())).isEqualTo("unknown");
    }

    private static String forget(String user) {
        return String.valueOf(DB.query("select forget_person('" + user + "', '" + NOW + "') as said")
                .getFirst()
                .get("said"));
    }

    /** Every table that holds the text anywhere. */
    private static List<String> tablesWith(String text) {
        return DB
                .query("select table_name::text as name from information_schema.tables"
                        + " where table_schema = 'public' and table_type = 'BASE TABLE' order by 1")
                .stream()
                .map(row -> String.valueOf(row.get("name")))
                .filter(table -> !DB.query("select 1 as one from " + table + " t where to_jsonb(t)::text like '%" + text
                                + "%' limit 1")
                        .isEmpty())
                .toList();
    }
}
