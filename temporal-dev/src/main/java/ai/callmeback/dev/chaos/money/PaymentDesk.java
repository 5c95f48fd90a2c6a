package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/** What people and banks do at the payment vendor's, each once, whoever dies meanwhile: what its journal has is done. */
final class PaymentDesk {
    static final Duration DONE = Duration.ofMinutes(2);

    private final SimulatorClient simulators;
    /** Of all subscriptions together: who holds it knows that nobody else turns it. */
    private final ReentrantLock calendar = new ReentrantLock();

    PaymentDesk(SimulatorClient simulators) {
        this.simulators = simulators;
    }

    /** Does something at a checkout, or to a payment, and answers the entry that tells of it. */
    JsonNode done(String what, String kind, String subject, String path) throws IOException, InterruptedException {
        return done(what, kind, subject, path, Map.of());
    }

    JsonNode done(String what, String kind, String subject, String path, Map<String, Object> how)
            throws IOException, InterruptedException {
        return Patience.until(what, DONE, () -> {
            if (entry(kind, subject).isEmpty()) {
                simulators.http().post("/control/stripe" + path, how);
            }
            return entry(kind, subject);
        });
    }

    /** The first of its kind about a checkout or a payment. */
    Optional<JsonNode> entry(String kind, String subject) throws IOException, InterruptedException {
        return journal(kind).stream()
                .filter(entry -> entry.path("call").asString("").equals(subject)
                        || entry.path("detail").path("session").asString("").equals(subject))
                .findFirst();
    }

    private List<JsonNode> journal(String kind) throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/journal?vendor=stripe&kind=" + kind + "&limit=100000")
                .path("entries")
                .valueStream()
                .toList();
    }

    /** Something that may be said again. */
    void say(String what, String path, Map<String, Object> how) throws IOException, InterruptedException {
        Patience.until(what, DONE, () -> Optional.of(simulators.http().post("/control/stripe" + path, how)));
    }

    /** Turns the clock of subscriptions on; perhaps twice, when the answer is lost. */
    void turn(int days) throws IOException, InterruptedException {
        calendar.lockInterruptibly();
        try {
            say("turned", "/clock", Map.of("days", days));
        } finally {
            calendar.unlock();
        }
    }

    /** A renewal falls due while the card is refused, and is tried again when it is good; nobody's clock turns meanwhile. */
    void missRenewal(String subscription) throws IOException, InterruptedException {
        calendar.lockInterruptibly();
        try {
            say("declined", "/subscriptions/" + subscription + "/card/declined", Map.of());
            turn(31);
            say("good", "/subscriptions/" + subscription + "/card/good", Map.of());
            turn(4);
        } finally {
            calendar.unlock();
        }
    }
}
