package ai.callmeback.workflows.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodecException;
import java.util.List;

/** Seals bytes for the database as payloads are sealed for Temporal, with the same keys. */
public final class SealedBytes {
    private final AesGcmCodec codec;

    private SealedBytes(AesGcmCodec codec) {
        this.codec = codec;
    }

    /** @param payloadKeys the setting {@code PAYLOAD_KEYS}, see {@link PayloadKeys} */
    public static SealedBytes with(String payloadKeys) {
        return new SealedBytes(new AesGcmCodec(PayloadKeys.parse(payloadKeys)));
    }

    public byte[] seal(byte[] plain) {
        return codec.encode(List.of(
                        Payload.newBuilder().setData(ByteString.copyFrom(plain)).build()))
                .getFirst()
                .toByteArray();
    }

    /** @throws PayloadCodecException when the key is gone, or a byte is not as it was sealed */
    public byte[] open(byte[] sealed) {
        try {
            Payload payload = Payload.parseFrom(sealed);
            if (!payload.containsMetadata(AesGcmCodec.KEY_ID)) {
                throw new PayloadCodecException("these bytes are not sealed");
            }
            return codec.decode(List.of(payload)).getFirst().getData().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new PayloadCodecException("these bytes are not sealed", e);
        }
    }
}
