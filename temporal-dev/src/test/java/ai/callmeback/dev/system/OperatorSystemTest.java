package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** An operator stops dialling in running processes: at once, without a deploy, and without touching who is talking. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OperatorSystemTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private Stack stack;
    private ApiClient operator;

    @BeforeEach
    void signIn() throws Exception {
        stack = SharedStack.stack();
        operator = ApiClient.demoUser(stack.endpoints().api());
    }

    @AfterEach
    void dialAgain() throws Exception {
        dialling(true);
    }

    /** Guard: the switch, read at each admission. The calls before and after it show that it alone makes the difference. */
    @Test
    void noPhoneRingsWhileDiallingIsStoppedAndTheOneOffTheHookGoesOn() throws Exception {
        WatchedCall talking = WatchedCall.place(stack, "+14155550131", shortTalk());
        await().atMost(SOON).until(() -> !talking.phone("phone.ringing").isEmpty());

        dialling(false);
        WatchedCall stopped = WatchedCall.place(stack, "+14155550132", shortTalk());
        await().atMost(SOON).until(() -> stopped.view().path("terminal").asBoolean());
        dialling(true);
        WatchedCall after = WatchedCall.place(stack, "+14155550133", shortTalk());

        JsonNode refused = stopped.view();
        assertThat(refused.path("status").asString()).isEqualTo("refused");
        assertThat(refused.path("refusal").path("code").asString()).isEqualTo("dialing_stopped");
        assertThat(refused.path("refusal").path("remedy").asString()).isNotBlank();
        assertThat(talking.awaitSettled().path("status").asString()).isEqualTo("completed");
        assertThat(after.awaitSettled().path("status").asString()).isEqualTo("completed");
        talking.assertRang(1);
        stopped.assertRang(0);
        after.assertRang(1);
        talking.assertLedgerIsSound();
    }

    private void dialling(boolean enabled) throws Exception {
        JsonNode now = operator.http().put("/api/operator/switches/dialing", Map.of("enabled", enabled));
        assertThat(now.path("enabled").asBoolean()).isEqualTo(enabled);
    }

    private static List<Map<String, Object>> shortTalk() {
        return List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "I cannot speak now, so goodbye."),
                Map.of("do", "listen", "timeoutMillis", 5_000),
                Map.of("do", "hangUp"));
    }
}
