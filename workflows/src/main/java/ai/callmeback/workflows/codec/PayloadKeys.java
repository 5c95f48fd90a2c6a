package ai.callmeback.workflows.codec;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of {@code PAYLOAD_KEYS}: {@code id:base64,id:base64…}, each 32 bytes. The first encrypts, all decrypt, so that
 * a new key is put in front and an old one removed once nothing needs it. Cannot be printed.
 */
public final class PayloadKeys {
    private static final int KEY_BYTES = 32;

    private final Map<String, SecretKey> keys;
    private final String current;

    private PayloadKeys(Map<String, SecretKey> keys, String current) {
        this.keys = keys;
        this.current = current;
    }

    /** Refuses anything else than the form above; the message never holds key material. */
    public static PayloadKeys parse(String setting) {
        var keys = new LinkedHashMap<String, SecretKey>();
        String first = "";
        for (String entry : setting.strip().split(",", -1)) {
            int colon = entry.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("PAYLOAD_KEYS must be id:base64, separated by commas");
            }
            String id = entry.substring(0, colon).strip();
            if (keys.put(id, key(id, entry.substring(colon + 1).strip())) != null) {
                throw new IllegalArgumentException("PAYLOAD_KEYS names '" + id + "' twice");
            }
            first = first.isEmpty() ? id : first;
        }
        return new PayloadKeys(keys, first);
    }

    private static SecretKey key(String id, String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key '" + id + "' of PAYLOAD_KEYS is not base64", e);
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "key '" + id + "' of PAYLOAD_KEYS has " + bytes.length + " bytes, must be " + KEY_BYTES);
        }
        return new SecretKeySpec(bytes, "AES");
    }

    String currentId() {
        return current;
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public String toString() {
        return "PayloadKeys[" + keys.size() + "]";
    }
}
