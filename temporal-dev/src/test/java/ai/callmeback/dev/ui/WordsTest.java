package ai.callmeback.dev.ui;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.settlement.ChargeReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every state and every reason of the domain has words in the UI, and none reads as a code. */
class WordsTest {

    @Test
    void everyChargeReasonHasWords() throws IOException {
        assertThat(keys("REASONS"))
                .containsAll(Arrays.stream(ChargeReason.values())
                        .map(ChargeReason::code)
                        .toList());
    }

    @Test
    void everyStatusAndEveryEndHasWords() throws IOException {
        assertThat(keys("STATUS"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(CallStatus.values()).map(WordsTest::wire).toList());
        assertThat(keys("ENDED"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(EndedBy.values()).map(WordsTest::wire).toList());
    }

    private static String wire(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The keys of an object literal of the script that holds the words. */
    private static List<String> keys(String constant) throws IOException {
        try (InputStream script = WordsTest.class.getResourceAsStream("/static/js/format.js")) {
            String text = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
            Matcher literal = Pattern.compile("const " + constant + " = \\{(.*?)\\};", Pattern.DOTALL)
                    .matcher(text);
            assertThat(literal.find()).as("the words of %s", constant).isTrue();
            return Pattern.compile("(\\w+): ['\\[]")
                    .matcher(literal.group(1))
                    .results()
                    .map(key -> key.group(1))
                    .toList();
        }
    }
}
