package ai.callmeback.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import ai.callmeback.workflows.codec.SealedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

class RecordingTest extends ApiTest {
    private static final SealedBytes SEAL = SealedBytes.with("test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final int SECOND_BYTES = 8_000 * 4;
    /** µ-law 0x80 and 0x00 are the loudest of either sign. */
    private static final short LOUD = 32_124;

    @Autowired
    private Ledger ledger;

    @Test
    void theOwnerHearsBothSidesAndNobodyElseAnything() {
        Person ann = newPerson();
        UUID call = recorded(ann);
        EntityExchangeResult<byte[]> whole =
                sound(ann, call, null).expectStatus().isOk().expectBody().returnResult();
        byte[] wav = Objects.requireNonNull(whole.getResponseBody());

        assertThat(whole.getResponseHeaders().getFirst(HttpHeaders.CONTENT_TYPE))
                .isEqualTo("audio/wav");
        assertThat(whole.getResponseHeaders().getFirst(HttpHeaders.ACCEPT_RANGES))
                .isEqualTo("bytes");
        // Two seconds, a gap of one, two seconds; ten minutes without a call, which are one; one second.
        assertThat(wav).hasSize(44 + 7 * SECOND_BYTES);
        assertThat(new String(wav, 0, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("RIFF");
        assertThat(frame(wav, 100)).containsExactly(LOUD, (short) -LOUD);
        assertThat(frame(wav, 20_000)).containsExactly((short) 0, (short) 0);
        assertThat(frame(wav, 24_000)).containsExactly(LOUD, (short) -LOUD);
        assertThat(frame(wav, 47_999)).containsExactly((short) 0, (short) 0);
        assertThat(frame(wav, 48_000)).containsExactly(LOUD, (short) -LOUD);

        Person eve = newPerson();
        sound(eve, call, null).expectStatus().isNotFound();
        remove(eve, call).expectStatus().isNotFound();
        sound(ann, UUID.randomUUID(), null).expectStatus().isNotFound();
        web.get()
                .uri("/api/calls/{id}/recording", call)
                .exchange()
                .expectStatus()
                .isUnauthorized();

        JsonNode shown = call(ann, call).at("/recording");
        assertThat(shown.at("/seconds").asInt()).isEqualTo(7);
        assertThat(shown.at("/keptUntil").asString()).isEqualTo("2026-11-28T12:00:00Z");
        remove(ann, call).expectStatus().isNoContent();
        remove(ann, call).expectStatus().isNoContent();
        sound(ann, call, null).expectStatus().isNotFound();
        assertThat(call(ann, call).has("recording")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-0",
                "bytes=0-43",
                "bytes=40-50",
                "bytes=44-",
                "bytes=63999-64100",
                "bytes=100001-150002",
                "bytes=-5"
            })
    void anyPartIsThatPartOfTheWhole(String range) {
        Person ann = newPerson();
        UUID call = recorded(ann);
        byte[] wav = sound(ann, call, null).expectBody().returnResult().getResponseBody();
        var part = sound(ann, call, range)
                .expectStatus()
                .isEqualTo(206)
                .expectBody()
                .returnResult();

        String stated = Objects.requireNonNull(part.getResponseHeaders().getFirst(HttpHeaders.CONTENT_RANGE));
        assertThat(stated).endsWith("/" + wav.length);
        String[] ends = stated.substring("bytes ".length(), stated.indexOf('/')).split("-", -1);
        assertThat(part.getResponseBody())
                .isEqualTo(Arrays.copyOfRange(wav, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=99999999-", "bytes=9-1", "seconds=1-2", "nonsense"})
    void whatIsNoPartIsRefused(String range) {
        Person ann = newPerson();
        sound(ann, recorded(ann), range).expectStatus().isEqualTo(416);
    }

    @Test
    void consentIsAValueWithItsTimeForAllCallsOrOne() {
        Person ann = newPerson();
        DB.execute("update users set phone_e164 = '+14155550123' where id = '" + ann.id() + "'");
        ledger.grant(GrantRequest.free(
                        "test:" + ann.id(), UserId.parse(ann.id()), Credits.ofMinutes(60), GrantSource.TRIAL))
                .block();
        assertThat(call(ann, booked(ann, null)).has("recording")).isFalse();
        assertThat(call(ann, booked(ann, true)).at("/recording/consentAt").asString())
                .isNotEmpty();

        JsonNode agreed = consent(ann, true);
        assertThat(agreed.at("/recordCallsSince").asString()).isNotEmpty();
        assertThat(call(ann, booked(ann, null)).at("/recording/consentAt").asString())
                .isEqualTo(agreed.at("/recordCallsSince").asString());
        assertThat(call(ann, booked(ann, false)).has("recording")).isFalse();

        assertThat(consent(ann, false).has("recordCallsSince")).isFalse();
        assertThat(call(ann, booked(ann, null)).has("recording")).isFalse();
    }

    private JsonNode consent(Person person, boolean given) {
        return Objects.requireNonNull(web.patch()
                .uri("/api/me")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("recordCalls", given))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private UUID booked(Person person, @Nullable Boolean recorded) {
        Map<String, Object> wish = new java.util.HashMap<>(Map.of(
                "personaId", "brad_001", "durationMinutes", 3, "scheduledFor", "2027-01-31T07:00", "timeZone", "UTC"));
        if (recorded != null) {
            wish.put("recorded", recorded);
        }
        return UUID.fromString(Objects.requireNonNull(web.post()
                        .uri("/api/calls")
                        .header("Authorization", person.bearer())
                        .bodyValue(wish)
                        .exchange()
                        .expectStatus()
                        .isAccepted()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .at("/id")
                .asString());
    }

    private UUID recorded(Person person) {
        UUID call = UUID.randomUUID();
        DB.execute(
                "insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                        + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '"
                        + person.id()
                        + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{\"maxAttempts\":1,\"delaysSeconds\":[],\"giveUpAfterSeconds\":3600}', now(), now())");
        chunk(call, 1, 0, START, 16_000);
        chunk(call, 1, 1, START.plusSeconds(3), 16_000);
        chunk(call, 2, 0, START.plusSeconds(605), 8_000);
        return call;
    }

    private static void chunk(UUID call, int leg, int number, Instant at, int samples) {
        byte[] sound = new byte[2 * samples];
        Arrays.fill(sound, 0, samples, (byte) 0x80);
        DB.execute("insert into recording_chunks values ('" + call + "', " + leg + ", " + number + ", '" + at + "', "
                + samples + ", '\\x" + HexFormat.of().formatHex(SEAL.seal(sound)) + "')");
    }

    private static short[] frame(byte[] wav, int sample) {
        ByteBuffer frame = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        return new short[] {frame.getShort(44 + sample * 4), frame.getShort(44 + sample * 4 + 2)};
    }

    private ResponseSpec sound(Person person, UUID call, @Nullable String range) {
        return web.get()
                .uri("/api/calls/{id}/recording", call)
                .header("Authorization", person.bearer())
                .headers(headers -> {
                    if (range != null) {
                        headers.set(HttpHeaders.RANGE, range);
                    }
                })
                .exchange();
    }

    private ResponseSpec remove(Person person, UUID call) {
        return web.method(HttpMethod.DELETE)
                .uri("/api/calls/{id}/recording", call)
                .header("Authorization", person.bearer())
                .exchange();
    }

    private JsonNode call(Person person, UUID call) {
        return Objects.requireNonNull(web.get()
                .uri("/api/calls/{id}", call)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
