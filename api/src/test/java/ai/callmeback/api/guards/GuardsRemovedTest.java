package ai.callmeback.api.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.api.testing.Guards;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** What {@link GuardsHoldTest} tries, with the guards taken out: everything gets through, so the guards are what holds. */
@Import(Guards.class)
class GuardsRemovedTest extends GuardedApi {

    @Test
    void withoutTheOwnerInTheQueriesEverythingLeaks() {
        Person owner = rich();
        Person stranger = rich();
        String call = booked(owner, UUID.randomUUID().toString());
        JsonNode apiKey = newKey(owner, "calls:read");

        assertThat(leaks(stranger, ON_CALLS, call)).containsExactlyElementsOf(all(ON_CALLS, Attempt::route));
        assertThat(leaks(stranger, ON_KEYS, apiKey.at("/id").asString()))
                .containsExactlyElementsOf(all(ON_KEYS, Attempt::route));
        assertThat(get(stranger.bearer(), "/api/calls").toString()).contains(call, "A secret of mine.");
        assertThat(get(stranger.bearer(), "/api/calls/" + call).at("/status").asString())
                .as("the stranger has cancelled it")
                .isEqualTo("canceled");
    }

    @Test
    void withoutTheSequenceInTheQueryEventsComeTwice() {
        Person person = rich();
        String call = booked(person, UUID.randomUUID().toString());
        List<String> seen = new CopyOnWriteArrayList<>();
        var open = stream(person.bearer(), call, 1).subscribe(event -> seen.add(String.valueOf(event.id())));
        try {
            append(call, 1);
            await().atMost(SOON).until(() -> seen.stream().filter("1"::equals).count() >= 2);
        } finally {
            open.dispose();
        }
    }

    @Test
    void withoutTheRevocationsInTheQueriesRevokedCredentialsLiveOn() {
        Person person = rich();
        JsonNode key = newKey(person, "credits:read");
        revoke(person, key);
        signOut(person);

        assertThat(status("Bearer " + key.at("/secret").asString(), "/api/credits"))
                .isEqualTo(200);
        assertThat(status(person.bearer(), "/api/credits")).isEqualTo(200);
    }

    @Test
    void withoutTheKeyInTheRowARepeatIsASecondCall() {
        Person person = rich();
        String key = UUID.randomUUID().toString();

        assertThat(booked(person, key)).isNotEqualTo(booked(person, key));
    }

    @Test
    void withoutTheSignatureCheckAForgedCallbackIsTaken() {
        assertThat(forged(booked(rich(), UUID.randomUUID().toString()))).isTrue();
    }

    @Test
    void withoutTheHeadersABrowserIsToldNothing() {
        assertThat(headers("/").getFirst("Content-Security-Policy")).isNull();
        assertThat(headers("/").getFirst("X-Frame-Options")).isNull();
        assertThat(headers("/api/info").getFirst("Cache-Control")).isNull();
    }
}
