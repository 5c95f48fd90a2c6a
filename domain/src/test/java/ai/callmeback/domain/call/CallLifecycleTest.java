package ai.callmeback.domain.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.settlement.ChargeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallLifecycleTest {
    private static final Path DOCUMENT = Path.of("../docs/call-lifecycle.md");

    private static final String FRAME = """
            # The lifecycle of a call

            Drawn from the one transition table, `ai.callmeback.domain.call.CallLifecycle`; the database refuses every move
            that is not in it. A test fails when this file is stale: run it with `-Dcallmeback.docs.write=true` to redraw.

            ```mermaid
            %s```

            ## Charged or not

            The first row that applies decides. Drawn from `ai.callmeback.domain.settlement.ChargeTable`.

            | reason | when | decision | the clock it reads |
            |---|---|---|---|
            %s
            Twilio's duration is the only clock that seconds are charged by. Lost media is what the voice workers were late by
            within a leg, and between two legs of one ring the time from the last sign of life of the first (its last journal
            line or renewed lease, so up to a second in the person's favour) to the first audio of the second; after a worker that
            stepped down in a gap of the talk, to the beginning of the second. A leg that never
            spoke has lost everything up to the end of the ring.

            **A call cut off by us** is rung again once. Neither the conversation that was cut off nor being rung again is
            charged. The conversation that follows is judged by its own figures alone, as if it were the first: its own
            duration, its own words, its own faults. If none follows, the rest of the booked length counts as lost media, so the
            call is free. The telephony and the other vendors bill us for all of it, and the cost lines say so.

            | what happened | what is charged |
            |---|---|
            | cut off, rung again, talked on | the second conversation, by the second |
            | cut off, rung again, 15 s or less, a machine, or not a word | nothing |
            | cut off, nobody answered again | nothing: `lost_media` |
            | cut off twice | nothing: `lost_media` |

            Costs are recorded after the settlement. They wait up to five seconds for the last usage report of a leg that ended in
            order; what comes later, also after the workflow, is stored and corrects them.

            ## A call that comes in

            Who rings a persona's number is answered by the webhook alone, in one transaction, once per call of the telephony: the
            checks, the hold, the row (already `RINGING`, direction `INBOUND`), its one attempt and the brief. The answer connects the
            call to a voice worker in the same breath; the workflow is asked for by the outbox like any other and takes the call up
            where it stands: no dial, no other attempt, and a call that we cut off is settled as such and not rung again. The
            telephony's time limit is set once the talk has begun, since nobody dialled with one.

            | who rings | what happens |
            |---|---|
            | the number of an active account | greeted by name; held, settled and booked as usual, for the longest length the credit reaches |
            | an account that never had credit | its first call is free, as one we make would be |
            | an unknown number | three minutes for nothing, once; the number is kept as a keyed hash |

            | turned away with | when |
            |---|---|
            | `number_not_assigned` | no persona has this number |
            | `answering_stopped` | an operator has stopped answering |
            | `number_withheld` | hidden, or called forged by the network (STIR) |
            | `caller_blocked` | on the block list |
            | `user_not_active`, `too_many_calls`, `budget_used_up`, `insufficient_credit`, `plan_calls_used_up`, `fair_use_exceeded` | as for a call we make |
            | `free_call_used` | the free three minutes are used, or tried three times |
            | `daily_cap_reached` | the platform's free calls of the day (UTC) are taken |

            The reason is spoken by the telephony's own voice and kept with the call (docs/operations/take-calls.md). Of two accounts
            with one number the older is meant. A caller's number can be forged; where the network does not say so, the caller is
            taken for whom the number says.
            """;

    /** Draws the diagram; fails when the document shows another table. */
    @Test
    void theDocumentShowsTheTable() throws IOException {
        String drawn = FRAME.formatted(CallLifecycle.mermaid(), chargeTable());
        if (Boolean.getBoolean("callmeback.docs.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, drawn);
        }
        assertThat(DOCUMENT).content().isEqualTo(drawn);
    }

    private static String chargeTable() {
        return ChargeTable.ROWS.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s | %s |%n",
                        row.reason().code(),
                        row.condition(),
                        row.decision(),
                        row.clock()))
                .collect(Collectors.joining());
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
