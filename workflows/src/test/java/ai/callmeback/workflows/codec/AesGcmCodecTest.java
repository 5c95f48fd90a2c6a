package ai.callmeback.workflows.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.failure.v1.Failure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.internal.worker.WorkflowExecutionException;
import io.temporal.payload.codec.PayloadCodecException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class AesGcmCodecTest {
    private static final String OLD = "old:" + key(1);
    private static final String NEW = "new:" + key(2);
    private static final Payload PLAIN = Payload.newBuilder()
            .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
            .setData(ByteString.copyFromUtf8("{\"word\":\"tangerine\"}"))
            .build();

    /** I10, guard: the codec. Nothing of a payload can be read without its key. */
    @Test
    void whatIsSealedShowsNothingAndOpensAgain() {
        var codec = new AesGcmCodec(PayloadKeys.parse(OLD));
        Payload sealed = codec.encode(List.of(PLAIN)).getFirst();
        assertThat(sealed.toString()).doesNotContain("tangerine");
        assertThat(codec.decode(List.of(sealed))).containsExactly(PLAIN);
    }

    @Test
    void aNewKeyInFrontKeepsOldPayloadsReadable() {
        Payload sealed =
                new AesGcmCodec(PayloadKeys.parse(OLD)).encode(List.of(PLAIN)).getFirst();
        var rotated = new AesGcmCodec(PayloadKeys.parse(NEW + "," + OLD));
        assertThat(rotated.decode(List.of(sealed))).containsExactly(PLAIN);
        assertThat(rotated.encode(List.of(PLAIN))
                        .getFirst()
                        .getMetadataOrThrow(AesGcmCodec.KEY_ID)
                        .toStringUtf8())
                .isEqualTo("new");
    }

    @Test
    void aTamperedPayloadAndAMissingKeyAreErrors() {
        var codec = new AesGcmCodec(PayloadKeys.parse(OLD));
        Payload sealed = codec.encode(List.of(PLAIN)).getFirst();
        byte[] bytes = sealed.getData().toByteArray();
        bytes[bytes.length - 1] ^= 1;
        Payload tampered =
                sealed.toBuilder().setData(ByteString.copyFrom(bytes)).build();
        assertThatThrownBy(() -> codec.decode(List.of(tampered))).isInstanceOf(PayloadCodecException.class);
        assertThatThrownBy(() -> new AesGcmCodec(PayloadKeys.parse(NEW)).decode(List.of(sealed)))
                .hasMessageContaining("no payload key 'old'");
    }

    /** What the SDK does with what a validator throws: a failure, wrapped, and made a failure once more. */
    @Test
    void aValidatorsWordsAreSealedAndOpenAgain() {
        var converter = PayloadEncryption.converter(OLD);
        var refused = ApplicationFailure.newNonRetryableFailure("[call_answered] the tangerine talks", "call_answered");
        Failure once = converter.exceptionToFailure(refused);
        Failure twice = converter.exceptionToFailure(new WorkflowExecutionException(once));
        assertThat(twice.toString()).doesNotContain("tangerine");
        assertThat(converter.failureToException(twice)).isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
            assertThat(failure.getType()).isEqualTo("call_answered");
            assertThat(failure.getOriginalMessage()).isEqualTo("[call_answered] the tangerine talks");
        });
    }

    @Test
    void wrongKeysAreNamedWithoutBeingShown() {
        assertThatThrownBy(() -> PayloadKeys.parse("nokey")).hasMessageContaining("id:base64");
        assertThatThrownBy(() -> PayloadKeys.parse("k:c2hvcnQ=")).hasMessageContaining("5 bytes, must be 32");
        assertThatThrownBy(() -> PayloadKeys.parse(OLD + "," + OLD)).hasMessageContaining("twice");
        assertThat(PayloadKeys.parse(OLD).toString()).isEqualTo("PayloadKeys[1]");
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
