package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/**
 * The reconciliation of real processes while a vendor is away: the run ends incomplete, is resumed, and a second one over the same
 * range changes nothing. Tagged, because a vendor is waited for, for six minutes.
 */
@ExtendWith(SharedStack.class)
@Isolated
@Tag("chaos")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ReconcilingSystemTest {
    private static final String RUNS = "/api/finance/reconciliations";
    private static final Duration GIVEN_UP_WITHIN = Duration.ofMinutes(11);

    private Customer customer;

    @Test
    void aRunWithoutAVendorIsResumedAndASecondOneChangesNothing() throws Exception {
        customer = Customer.demoUser(SharedStack.stack());
        String purchase = customer.buy("pack_25");
        customer.pay(customer.session(purchase), "CARD");
        customer.awaitStatus("/api/purchases/" + purchase, "completed");
        // What other tests have left behind is held first, so that this one sees its own.
        assertThat(whole(start(), Customer.SOON).path("status").asString()).isEqualTo("done");
        customer.simulators.fault(
                Map.of("vendor", "stripe", "operation", "read", "kind", "HTTP_ERROR", "httpStatus", 503, "count", -1));

        String run = start();
        JsonNode without = whole(run, GIVEN_UP_WITHIN);
        assertThat(without.path("status").asString()).isEqualTo("incomplete");
        assertThat(without.path("incomplete").size()).isEqualTo(1);
        assertThat(without.at("/incomplete/0/vendor").asString()).isEqualTo("stripe");
        assertThat(caseOf(run)).isEqualTo("open");

        customer.simulators.clearFaults();
        customer.api.http().post(RUNS + "/" + run + "/resume", Map.of());
        JsonNode resumed = whole(run, Customer.SOON);
        assertThat(resumed.path("status").asString()).isEqualTo("done");
        assertThat(resumed.path("incomplete").size()).isZero();
        assertThat(resumed.at("/progress/records").asLong())
                .isGreaterThan(without.at("/progress/records").asLong());
        assertThat(caseOf(run)).isEqualTo("closed");

        JsonNode second = whole(start(), Customer.SOON);
        assertThat(second.at("/progress/records").asLong())
                .isEqualTo(resumed.at("/progress/records").asLong());
        assertThat(second.at("/progress/corrected").asLong()).isZero();
        assertThat(second.at("/progress/casesOpened").asLong()).isZero();
        assertThat(customer.api.audit().path("ok").asBoolean()).isTrue();
    }

    /** Today's, of which calls of other tests may still be under way; none is while this one runs. */
    private String start() throws Exception {
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        return customer.post(
                        RUNS,
                        Map.of(
                                "from",
                                today.toString(),
                                "until",
                                today.plus(1, ChronoUnit.DAYS).toString()),
                        UUID.randomUUID().toString())
                .path("id")
                .asString();
    }

    private JsonNode whole(String run, Duration within) {
        await().atMost(within)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> !customer.get(RUNS + "/" + run)
                        .path("status")
                        .asString()
                        .equals("running"));
        return customer.get(RUNS + "/" + run);
    }

    /** Open or closed. */
    private String caseOf(String run) {
        for (String state : new String[] {"open", "closed"}) {
            boolean found = customer.get("/api/finance/cases?limit=100&state=" + state)
                    .path("cases")
                    .valueStream()
                    .anyMatch(one -> one.path("kind").asString().equals("reconciliation_incomplete")
                            && one.path("subject").asString().endsWith("run " + run));
            if (found) {
                return state;
            }
        }
        return "none";
    }
}
