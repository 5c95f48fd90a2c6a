package ai.callmeback.dev.ui;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.env.Checkout;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.settlement.ChargePolicy;
import ai.callmeback.domain.settlement.ChargeReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every state and every reason of the domain has words in the UI, and none reads as a code. */
class WordsTest {

    @Test
    void everyChargeReasonHasWords() throws IOException {
        assertThat(keys("REASONS"))
                .containsAll(Arrays.stream(ChargeReason.values())
                        .map(ChargeReason::code)
                        .toList());
        assertThat(keys("POLICIES"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ChargePolicy.values())
                        .map(ChargePolicy::code)
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

    @Test
    void everyKindOfPostingHasWords() throws IOException {
        Path migrations = Checkout.find().root().resolve("db/src/main/resources/db/migration");
        List<String> kinds = new ArrayList<>();
        try (Stream<Path> files = Files.list(migrations)) {
            for (Path file : files.toList()) {
                Pattern.compile("insert into ledger_kinds \\(kind, description\\) values(.*?);\n", Pattern.DOTALL)
                        .matcher(Files.readString(file))
                        .results()
                        .flatMap(insert -> Pattern.compile("\\('(\\w+)',")
                                .matcher(insert.group(1))
                                .results())
                        .forEach(kind -> kinds.add(kind.group(1)));
            }
        }
        assertThat(kinds).contains("hold", "refund");
        assertThat(keys("KINDS")).containsExactlyInAnyOrderElementsOf(kinds);
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
