package ai.callmeback.workflows.codec;

import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.List;

/** The data converter of every client and worker: JSON, sealed. Failure texts are sealed too. */
public final class PayloadEncryption {
    private PayloadEncryption() {}

    /** @param payloadKeys the setting {@code PAYLOAD_KEYS}, see {@link PayloadKeys} */
    public static DataConverter converter(String payloadKeys) {
        AesGcmCodec codec = new AesGcmCodec(PayloadKeys.parse(payloadKeys));
        DefaultDataConverter plain = DefaultDataConverter.newDefaultInstance();
        return sealed(plain.withFailureConverter(new RefusalConverter(sealed(plain, codec))), codec);
    }

    private static DataConverter sealed(DataConverter inner, AesGcmCodec codec) {
        return new CodecDataConverter(inner, List.of(codec), true);
    }
}
