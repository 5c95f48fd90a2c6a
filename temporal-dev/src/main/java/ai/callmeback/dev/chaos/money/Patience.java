package ai.callmeback.dev.chaos.money;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks again what cannot be answered while processes die. */
final class Patience {
    private static final long POLL_MILLIS = 250;

    private Patience() {}

    /** What may fail while somebody is down. */
    interface Question<T> {
        Optional<T> ask() throws IOException, InterruptedException;
    }

    /** What did not come to pass in time, and what was heard last. */
    static final class Exhausted extends IOException {
        private static final long serialVersionUID = 1L;

        Exhausted(String what, String last) {
            super(what + " within the time" + (last.isEmpty() ? "" : "; last: " + last));
        }
    }

    static <T> T until(String what, Duration within, Question<T> question) throws Exhausted, InterruptedException {
        Instant end = Instant.now().plus(within);
        String last = "";
        while (Instant.now().isBefore(end)) {
            try {
                Optional<T> answer = question.ask();
                if (answer.isPresent()) {
                    return answer.get();
                }
                last = "";
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new Exhausted("not " + what, last);
    }
}
