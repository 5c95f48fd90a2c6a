package ai.callmeback.workflows.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals each payload with AES-256-GCM: 12 random bytes, then cipher text and tag; the key's id is in the clear and
 * authenticated. Payloads that are not sealed pass through decoding unchanged, so that older histories stay readable.
 */
public final class AesGcmCodec implements PayloadCodec {
    static final String ENCODING = "encoding";
    static final String KEY_ID = "encryption-key-id";
    static final ByteString SEALED = ByteString.copyFromUtf8("binary/encrypted");

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final PayloadKeys keys;
    private final SecureRandom random;

    public AesGcmCodec(PayloadKeys keys) {
        this(keys, new SecureRandom());
    }

    AesGcmCodec(PayloadKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        return payloads.stream().map(this::seal).toList();
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream().map(this::open).toList();
    }

    private Payload seal(Payload payload) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String id = keys.currentId();
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key(id), id, nonce, payload.toByteArray());
        return Payload.newBuilder()
                .putMetadata(ENCODING, SEALED)
                .putMetadata(KEY_ID, ByteString.copyFromUtf8(id))
                .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed)))
                .build();
    }

    private Payload open(Payload payload) {
        if (!SEALED.equals(payload.getMetadataOrDefault(ENCODING, ByteString.EMPTY))) {
            return payload;
        }
        String id = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
        ByteBuffer data = payload.getData().asReadOnlyByteBuffer();
        if (data.remaining() < NONCE_BYTES) {
            throw new PayloadCodecException("a sealed payload is too short");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        data.get(nonce);
        byte[] sealed = new byte[data.remaining()];
        data.get(sealed);
        try {
            return Payload.parseFrom(cipher(Cipher.DECRYPT_MODE, key(id), id, nonce, sealed));
        } catch (InvalidProtocolBufferException e) {
            throw new PayloadCodecException("a sealed payload holds no payload", e);
        }
    }

    private SecretKey key(String id) {
        return keys.find(id).orElseThrow(() -> new PayloadCodecException("no payload key '" + id + "'"));
    }

    private static byte[] cipher(int mode, SecretKey key, String id, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new PayloadCodecException("a payload could not be sealed or opened", e);
        }
    }
}
