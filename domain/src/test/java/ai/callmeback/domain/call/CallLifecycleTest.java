package ai.callmeback.domain.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallLifecycleTest {
    private static final Path DOCUMENT = Path.of("../docs/call-lifecycle.md");

    private static final String FRAME = """
            # The lifecycle of a call

            Drawn from the one transition table, `ai.callmeback.domain.call.CallLifecycle`; the database refuses every move
            that is not in it. A test fails when this file is stale: run it with `-Dcallmeback.docs.write=true` to redraw.

            ```mermaid
            %s```
            """;

    /** Draws the diagram; fails when the document shows another table. */
    @Test
    void theDocumentShowsTheTable() throws IOException {
        String drawn = FRAME.formatted(CallLifecycle.mermaid());
        if (Boolean.getBoolean("callmeback.docs.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, drawn);
        }
        assertThat(DOCUMENT).content().isEqualTo(drawn);
    }

    @Test
    void everyStatusIsReachedAndEveryOneThatIsNotFinalIsLeft() {
        for (CallStatus status : CallStatus.values()) {
            assertThat(CallLifecycle.next(status).isEmpty())
                    .as("%s is final", status)
                    .isEqualTo(status.isTerminal());
            if (status != CallStatus.SCHEDULED) {
                assertThat(CallLifecycle.predecessors(status)).as("%s", status).isNotEmpty();
            }
        }
    }

    /** I9 on the table: from wherever a call stands there is a way to an end. */
    @Test
    void noStatusIsATrap() {
        Set<CallStatus> reachesEnd = EnumSet.noneOf(CallStatus.class);
        Arrays.stream(CallStatus.values()).filter(CallStatus::isTerminal).forEach(reachesEnd::add);
        for (int i = 0; i < CallStatus.values().length; i++) {
            for (CallStatus status : CallStatus.values()) {
                if (CallLifecycle.next(status).stream().anyMatch(reachesEnd::contains)) {
                    reachesEnd.add(status);
                }
            }
        }
        assertThat(reachesEnd).containsExactlyInAnyOrder(CallStatus.values());
    }

    @Test
    void anAnsweredCallIsNeverCancelledOrLeftUnsettled() {
        assertThat(CallLifecycle.next(CallStatus.IN_PROGRESS))
                .containsExactlyInAnyOrder(CallStatus.ENDED, CallStatus.RETRY_WAIT);
        assertThat(CallLifecycle.next(CallStatus.ENDED)).containsExactly(CallStatus.SETTLED);
    }
}
