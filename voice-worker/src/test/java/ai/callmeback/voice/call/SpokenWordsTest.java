package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.llm.LlmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What the model writes, what the phone plays, and what the conversation keeps of it. */
class SpokenWordsTest {
    private static final String ANSWER = "*laughs* That is $1,250.50, so **half** by 8:30 p.m. tomorrow \uD83D\uDE00. "
            + "Write to maria@example.com, or call 555-0100. It is 50% of 3,000, e.g. for 12 km.";

    @Test
    void theWordsAreSaidAndKeptAsAPersonWouldSayThem() {
        TestCall call = answering("*smiles* It costs $5, or 10% less \uD83D\uDE00. Deal?")
                .run(6000);
        assertThat(call.heardByPhone()).endsWith("It costs five dollars, or ten percent less. Deal? ");
        assertThat(call.agentSaid()).last().isEqualTo("It costs five dollars, or ten percent less. Deal?");
    }

    /**
     * I8 with rewording: interrupted anywhere, the model's words come in anyhow, what is kept of the turn are the whole
     * words the phone played. Guard: the words are changed before the voice is asked for them, and nowhere else.
     */
    @Property(tries = 150)
    void interruptedAnywhereWhatIsKeptIsWhatThePhonePlayed(@ForAll long seed) {
        Random random = new Random(seed);
        List<LlmEvent> deltas = new ArrayList<>();
        for (int at = 0; at < ANSWER.length(); ) {
            int to = Math.min(ANSWER.length(), at + 1 + random.nextInt(9));
            deltas.add(new LlmEvent.Delta(ANSWER.substring(at, to)));
            at = to;
        }
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.answers = said -> deltas;
        int before = call.heardByPhone().length();
        call.userSays("Go").run(20L * random.nextInt(900));
        call.vendors.ears.starts("But wait");
        call.time.settle();
        call.phone.deliver();
        call.run(200);
        String played = call.heardByPhone().substring(before);
        List<String> heard = words(played);
        List<String> said =
                words(call.agentSaid().size() < 2 ? "" : call.agentSaid().get(1));
        assertThat(heard.size() - said.size())
                .as("a last word broken off is not kept")
                .isBetween(0, 1);
        int sure = Math.max(0, said.size() - 1);
        assertThat(said.subList(0, sure)).isEqualTo(heard.subList(0, sure));
        // The phone's clock ticks every 20 ms: a last word that lacks no more than that may count.
        assertThat(said.isEmpty() ? "" : said.getLast()).startsWith(said.isEmpty() ? "" : heard.get(sure));
    }

    private static TestCall answering(String text) {
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta(text));
        return call.userSays("Tell me");
    }

    private static List<String> words(String text) {
        return List.of(text.replaceAll("[^A-Za-z']+", " ").strip().split(" ")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
