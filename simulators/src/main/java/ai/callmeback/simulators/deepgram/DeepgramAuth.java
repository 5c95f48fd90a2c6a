package ai.callmeback.simulators.deepgram;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Where a client may put its key: {@code Authorization: Token|Bearer …}, or the subprotocol {@code token, <key>}. */
final class DeepgramAuth {
    private DeepgramAuth() {}

    /** The key as offered, or null if there is none. */
    static @Nullable String offeredKey(HttpHeaders headers) {
        String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            String[] parts = authorization.strip().split("\\s+", 2);
            boolean known = parts[0].equalsIgnoreCase("token") || parts[0].equalsIgnoreCase("bearer");
            return known && parts.length == 2 ? parts[1] : null;
        }
        List<String> protocols = headers.getValuesAsList("Sec-WebSocket-Protocol");
        return protocols.size() == 2 && protocols.getFirst().equalsIgnoreCase("token") ? protocols.get(1) : null;
    }
}
