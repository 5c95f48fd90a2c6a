package ai.callmeback.simulators.twilio;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes the vendor's ids: two letters and 32 hexadecimal digits. */
final class Sids {
    private final RandomGenerator random;

    Sids(RandomGenerator random) {
        this.random = random;
    }

    /** A new id of a kind: {@code CA} call, {@code MZ} stream, {@code RQ} request. */
    String next(String kind) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return kind + HexFormat.of().formatHex(bytes);
    }
}
