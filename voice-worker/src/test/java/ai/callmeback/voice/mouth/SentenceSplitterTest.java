package ai.callmeback.voice.mouth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SentenceSplitterTest {
    @Test
    void theFirstClauseIsSpokenBeforeTheSentenceIsOver() {
        SentenceSplitter splitter = new SentenceSplitter();
        assertThat(splitter.push("Good morning Maria, I am glad")).containsExactly("Good morning Maria,");
        assertThat(splitter.push(" you called, really. And ")).containsExactly("I am glad you called, really.");
        assertThat(splitter.finish()).containsExactly("And");
    }

    @Test
    void aWholeReplyInOneChunkIsCutToo() {
        SentenceSplitter splitter = new SentenceSplitter();
        assertThat(splitter.push("Sure! Let us begin. It is 3.14 for Dr. Smith, e.g. today. Ready?"))
                .containsExactly("Sure!", "Let us begin.", "It is 3.14 for Dr. Smith, e.g. today.");
        assertThat(splitter.finish()).containsExactly("Ready?");
    }

    @Test
    void aSentenceWithoutEndIsCutWhereItHurtsLeast() {
        SentenceSplitter splitter = new SentenceSplitter();
        List<String> pieces = splitter.push("word ".repeat(200));
        assertThat(pieces).hasSizeGreaterThan(3).allMatch(piece -> piece.length() <= 221 && piece.endsWith("word"));
    }

    @Test
    void anAsideIsNotCut() {
        SentenceSplitter splitter = new SentenceSplitter();
        assertThat(splitter.push("*smiles, then waves. Sits down* Hello there, Maria. Ready?"))
                .containsExactly("*smiles, then waves. Sits down* Hello there,", "Maria.");
        assertThat(splitter.push(" A *star that. Is none, ever. ")).containsExactly("Ready?");
        assertThat(splitter.push("x".repeat(80) + " now. ")).hasSize(1);
    }

    /** Guard: no end is judged before the character behind it is known. */
    @Property(tries = 500)
    void theCutsDoNotDependOnHowTheTextComesIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int words) {
        Random random = new Random(seed);
        String[] parts = {
            "well,", "Dr.", "$3.50", "8:30", "p.m.", "yes.", "*laughs", "now*", "(so.", "so)", "[", "a]", "\u2014",
            "x\n", "1."
        };
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(parts[random.nextInt(parts.length)]).append(random.nextInt(5) == 0 ? "" : " ");
        }
        SentenceSplitter whole = new SentenceSplitter();
        List<String> expected = new ArrayList<>(whole.push(text.toString()));
        expected.addAll(whole.finish());
        SentenceSplitter splitter = new SentenceSplitter();
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int to = Math.min(text.length(), at + 1 + random.nextInt(6));
            pieces.addAll(splitter.push(text.substring(at, to)));
            at = to;
        }
        pieces.addAll(splitter.finish());
        assertThat(pieces).isEqualTo(expected);
    }

    @Property(tries = 500)
    void nothingIsLostHoweverTheTextIsChunked(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int words) {
        Random random = new Random(seed);
        String[] parts = {"well", "Dr.", "3.5", "no,", "yes.", "what?", "ha!", "e.g.", "a", "—", "line\n", "5.", "I."};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(parts[random.nextInt(parts.length)]).append(' ');
        }
        SentenceSplitter splitter = new SentenceSplitter();
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int to = Math.min(text.length(), at + 1 + random.nextInt(40));
            pieces.addAll(splitter.push(text.substring(at, to)));
            at = to;
        }
        pieces.addAll(splitter.finish());
        assertThat(String.join(" ", pieces).replaceAll("\\s+", ""))
                .isEqualTo(text.toString().replaceAll("\\s+", ""));
    }
}
