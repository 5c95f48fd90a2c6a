package ai.callmeback.api.finance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.reconcile.ReconciliationRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Runs asked for by HTTP. That they hold books against records is tried in the database and with the workflow. */
class ReconciliationApiTest extends FinanceDesk {
    private static final String PATH = "/api/finance/reconciliations";
    private static final Map<String, String> DAY =
            Map.of("from", "2026-11-20T00:00:00Z", "until", "2026-11-21T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired
    private ReconciliationRuns runs;

    @Test
    void aRunIsAskedForOnceAndToldOf() {
        JsonNode run = ok(post(DAY, "k1"));
        assertThat(run.at("/status").asString()).isEqualTo("running");
        assertThat(run.at("/startedBy").asString()).isEqualTo(finance.id());
        assertThat(ok(post(DAY, "k1"))).isEqualTo(run);
        refused(
                post(Map.of("from", "2026-11-19T00:00:00Z", "until", "2026-11-21T00:00:00Z"), "k1"),
                HttpStatus.CONFLICT,
                "idempotency_conflict");
        UUID id = UUID.fromString(run.at("/id").asString());

        runs.progressed(id, "{\"records\":7,\"matched\":6,\"corrected\":1,\"correctedMicros\":-8000}")
                .then(runs.finished(id, Instant.now()))
                .block(SOON);

        JsonNode done = ok(get(PATH + "/" + id));
        assertThat(done.at("/status").asString()).isEqualTo("done");
        assertThat(done.at("/progress/records").asInt()).isEqualTo(7);
        assertThat(done.at("/progress/correctedUsd").decimalValue()).isEqualByComparingTo("-0.008");
        assertThat(ok(get(PATH)).at("/runs/0/id").asString()).isEqualTo(id.toString());
    }

    @Test
    void anIncompleteRunNamesItsVendorAndIsResumed() {
        UUID id = UUID.fromString(ok(post(DAY, "k-gap")).at("/id").asString());
        runs.leftOut(id, "[{\"vendor\":\"DEEPGRAM\",\"cursor\":\"2\",\"pagesHeld\":false,\"reason\":\"no answer\"}]")
                .then(runs.finished(id, Instant.now()))
                .block(SOON);

        JsonNode incomplete = ok(get(PATH + "/" + id));
        assertThat(incomplete.at("/status").asString()).isEqualTo("incomplete");
        assertThat(incomplete.at("/incomplete/0/vendor").asString()).isEqualTo("deepgram");
        assertThat(incomplete.at("/incomplete/0/reason").asString()).isEqualTo("no answer");

        assertThat(ok(post(PATH + "/" + id + "/resume", Map.of(), null))
                        .at("/status")
                        .asString())
                .isEqualTo("running");
        assertThat(runs.due(100, Duration.ofSeconds(30), Instant.now())
                        .collectList()
                        .block(SOON))
                .contains(id);
        runs.leftOut(id, "[]").then(runs.finished(id, Instant.now())).block(SOON);
        assertThat(ok(post(PATH + "/" + id + "/resume", Map.of(), null))
                        .at("/status")
                        .asString())
                .as("there is nothing to resume")
                .isEqualTo("done");
        refused(post(PATH + "/" + UUID.randomUUID() + "/resume", Map.of(), null), HttpStatus.NOT_FOUND, "not_found");
    }

    @Test
    void whatCannotBeARangeIsRefused() {
        refused(post(Map.of("from", "2026-11-20T00:00:00Z"), "k"), HttpStatus.BAD_REQUEST, "field_required");
        refused(post(Map.of("from", "yesterday", "until", "today"), "k"), HttpStatus.BAD_REQUEST, "time_invalid");
        refused(
                post(Map.of("from", "+1000000000-01-01T00:00:00Z", "until", "2026-11-20T00:00:00Z"), "k"),
                HttpStatus.BAD_REQUEST,
                "time_invalid");
        refused(
                post(Map.of("from", "2026-11-20T00:00:00Z", "until", "2026-11-20T00:00:00Z"), "k"),
                HttpStatus.BAD_REQUEST,
                "range_invalid");
        refused(
                post(Map.of("from", "2026-01-01T00:00:00Z", "until", "2026-11-20T00:00:00Z"), "k"),
                HttpStatus.BAD_REQUEST,
                "range_invalid");
        refused(post(DAY, null), HttpStatus.BAD_REQUEST, "idempotency_key_invalid");
        refused(get(PATH + "/" + UUID.randomUUID()), HttpStatus.NOT_FOUND, "not_found");
        refused(get(PATH + "/x"), HttpStatus.NOT_FOUND, "not_found");
    }

    private ResponseSpec post(Map<String, String> body, @Nullable String key) {
        return post(PATH, body, key);
    }
}
