package ai.callmeback.workflows.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.workflows.codec.PayloadEncryption;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I10 for payloads: a whole call's history, with the codec and without. */
@Timeout(60)
class SealedHistoryTest {
    private static final String KEYS = "test:" + Base64.getEncoder().encodeToString(new byte[32]);

    /** Guard: {@link PayloadEncryption}, the data converter of every client and worker. */
    @Test
    void noPayloadOfAHistoryIsInTheClear() {
        assertThat(plainAfterACall(PayloadEncryption.converter(KEYS))).isEmpty();
    }

    /** The guard removed: the same look at the same call finds payloads, and what stands in them. */
    @Test
    void i10WithoutTheCodecPayloadsAreFoundInTheClear() {
        assertThat(plainAfterACall(DefaultDataConverter.newDefaultInstance()))
                .hasSizeGreaterThan(10)
                .anyMatch(payload -> payload.contains("callId"));
    }

    private static List<String> plainAfterACall(DataConverter payloads) {
        try (var harness = new CallHarness(payloads)) {
            harness.run();
            return PlainPayloads.in(
                    harness.env.getWorkflowClient().fetchHistory(CallWorkflows.workflowId(harness.world.callId)));
        }
    }
}
