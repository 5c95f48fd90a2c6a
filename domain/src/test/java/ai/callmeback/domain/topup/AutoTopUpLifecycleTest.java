package ai.callmeback.domain.topup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of an auto top-up's moves, and its picture in docs/auto-top-up.md ({@code -Dcallmeback.docs.write=true} draws it). */
class AutoTopUpLifecycleTest {
    private static final Path DOCUMENT = Path.of("../docs/auto-top-up.md");

    @Test
    void theDocumentShowsTheTable() throws IOException {
        String drawn = "```mermaid\n" + AutoTopUpLifecycle.mermaid() + "```";
        if (Boolean.getBoolean("callmeback.docs.write")) {
            String text = Files.readString(DOCUMENT);
            int from = text.indexOf("```mermaid");
            int until = text.indexOf("```", from + 3) + 3;
            Files.writeString(DOCUMENT, text.substring(0, from) + drawn + text.substring(until));
        }
        assertThat(DOCUMENT).content().contains(drawn);
    }

    @Test
    void itCanBeSwitchedOffFromAnywhereAndComesOnOnlyByConsent() {
        for (AutoTopUpStatus status : AutoTopUpStatus.values()) {
            assertThat(AutoTopUpLifecycle.permits(status, AutoTopUpStatus.OFF))
                    .as("%s", status)
                    .isEqualTo(status != AutoTopUpStatus.OFF);
        }
        assertThat(AutoTopUpLifecycle.TABLE)
                .filteredOn(move -> move.to() == AutoTopUpStatus.ON)
                .allMatch(move -> move.cause().contains("consent") || move.from() == AutoTopUpStatus.AWAITING_CARD);
    }
}
