package ai.callmeback.domain.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SubscriptionLifecycleTest {
    private static final Path DOCUMENT = Path.of("../docs/subscriptions.md");

    /** Draws the diagram; fails when the document shows another table. Redraw with -Dcallmeback.docs.write=true. */
    @Test
    void theDocumentShowsTheTable() throws IOException {
        String drawn = "```mermaid\n" + SubscriptionLifecycle.mermaid() + "```";
        if (Boolean.getBoolean("callmeback.docs.write")) {
            String text = Files.readString(DOCUMENT);
            int from = text.indexOf("```mermaid");
            int until = text.indexOf("```", from + 3) + 3;
            Files.writeString(DOCUMENT, text.substring(0, from) + drawn + text.substring(until));
        }
        assertThat(DOCUMENT).content().contains(drawn);
    }

    @Test
    void everyStateIsReachedAndWhatIsOverStaysSoUnlessMoneyComes() {
        for (SubscriptionStatus status : SubscriptionStatus.values()) {
            if (status != SubscriptionStatus.NEW) {
                assertThat(SubscriptionLifecycle.predecessors(status))
                        .as("%s", status)
                        .isNotEmpty();
            }
            long ways = Arrays.stream(SubscriptionStatus.values())
                    .filter(to -> SubscriptionLifecycle.permits(status, to))
                    .count();
            assertThat(ways == 0)
                    .as("%s", status)
                    .isEqualTo(status == SubscriptionStatus.ENDED || status == SubscriptionStatus.FAILED);
        }
        assertThat(SubscriptionLifecycle.permits(SubscriptionStatus.EXPIRED, SubscriptionStatus.ACTIVE))
                .isTrue();
        assertThat(SubscriptionLifecycle.permits(SubscriptionStatus.ENDED, SubscriptionStatus.ACTIVE))
                .isFalse();
    }
}
