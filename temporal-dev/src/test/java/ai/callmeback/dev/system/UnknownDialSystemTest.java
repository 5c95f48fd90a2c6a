package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real processes dial, and the telephony's answer is lost, late, or after what it answers. */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class UnknownDialSystemTest {
    private static Stack stack;

    @BeforeAll
    static void dialFast() throws Exception {
        stack = SharedStack.stack();
        ObservedCall.simulators(stack).http().put("/control/twilio", Map.of("callsPerSecond", 100));
    }

    /** Guard of I5: whatever becomes of the reply to Create Call, the phone rings once. */
    @Test
    void anUnknownOutcomeOfADialRingsThePhoneOnce() throws Exception {
        dialFault("+14155550117", Map.of("kind", "DROP_REPLY"));
        dialFault("+14155550118", Map.of("kind", "DELAY", "delayMillis", 20_000));
        dialFault("+14155550119", Map.of("kind", "CALLBACKS_BEFORE_REPLY"));
        List<WatchedCall> calls = List.of(
                WatchedCall.place(stack, "+14155550117", goodbye()),
                WatchedCall.place(stack, "+14155550118", goodbye()),
                WatchedCall.place(stack, "+14155550119", goodbye()));

        for (WatchedCall call : calls) {
            assertThat(call.awaitSettled().path("status").asString()).isEqualTo("completed");
            call.assertRang(1);
        }
        calls.getFirst().assertLedgerIsSound();
    }

    private static void dialFault(String number, Map<String, Object> fault) throws Exception {
        Map<String, Object> all = new HashMap<>(fault);
        all.putAll(Map.of("vendor", "twilio", "operation", "createCall", "target", number));
        ObservedCall.simulators(stack).fault(all);
    }

    private static List<Map<String, Object>> goodbye() {
        return List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "I am on the train now and cannot speak, so goodbye."),
                Map.of("do", "listen", "timeoutMillis", 5_000),
                Map.of("do", "hangUp"));
    }
}
