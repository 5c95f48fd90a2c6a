package ai.callmeback.simulators.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalAndFaultsTest {
    private final Journal journal = new Journal(new VirtualTime(), 3);
    private final Faults faults = new Faults(journal);

    @Test
    void theOldestEntriesGoAndAreCounted() {
        for (int i = 0; i < 5; i++) {
            journal.append("twilio", "CA" + i, "kind", Map.of("i", i));
        }
        assertThat(journal.read(JournalQuery.ALL)).extracting(JournalEntry::seq).containsExactly(3L, 4L, 5L);
        assertThat(journal.dropped()).isEqualTo(2);
        assertThat(journal.read(JournalQuery.ofCall("CA4"))).hasSize(1);
        journal.clear();
        assertThat(journal.append("twilio", null, "kind", Map.of()).seq()).isEqualTo(6);
        assertThat(journal.dropped()).isZero();
    }

    @Test
    void listenersHearEveryEntryUntilTheyStop() throws Exception {
        List<Long> heard = new ArrayList<>();
        AutoCloseable listening = journal.listen(entry -> heard.add(entry.seq()));
        journal.append("llm", null, "a", Map.of());
        listening.close();
        journal.append("llm", null, "b", Map.of());
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void aFaultStrikesSoOftenAndOnlyItsTarget() {
        faults.set(Fault.of("twilio", "createCall", FaultKind.HTTP_500, 2).onlyFor("+14155550123"));
        assertThat(faults.take("twilio", "createCall", "+14155550124")).isEmpty();
        assertThat(faults.take("deepgram", "createCall", "+14155550123")).isEmpty();
        assertThat(faults.take("twilio", "listCalls", "+14155550123")).isEmpty();
        assertThat(faults.take("twilio", "createCall", EnumSet.of(FaultKind.SILENT), "+14155550123"))
                .isEmpty();
        assertThat(faults.take("twilio", "createCall", "CA1", "+14155550123")).isPresent();
        assertThat(faults.take("twilio", "createCall", "CA1", "+14155550123")).isPresent();
        assertThat(faults.take("twilio", "createCall", "CA1", "+14155550123")).isEmpty();
        assertThat(faults.any()).isFalse();
    }

    @Test
    void aFaultWithoutCountStaysUntilItIsCleared() {
        Fault fault = faults.set(Fault.of("llm", "*", FaultKind.DELAY, -1));
        for (int i = 0; i < 10; i++) {
            assertThat(faults.take("llm", "anything")).isPresent();
        }
        assertThat(faults.clear(fault.id())).isTrue();
        assertThat(faults.clear(fault.id())).isFalse();
        assertThat(faults.take("llm", "anything")).isEmpty();
    }
}
