package ai.callmeback.simulators.twilio;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Which stream addresses the vendor accepts. */
final class StreamUrl {
    /** Plain {@code ws} is this simulator's one concession, so that no test needs certificates. */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private StreamUrl() {}

    /** An address that is refused, with the vendor's code. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final int code;

        Refused(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static URI check(String url) throws Refused {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new Refused(31922, "the stream url is no URL: " + e.getMessage());
        }
        boolean secure = "wss".equals(uri.getScheme());
        boolean loopback = "ws".equals(uri.getScheme()) && uri.getHost() != null && LOOPBACK.contains(uri.getHost());
        if (uri.getHost() == null || !(secure || loopback)) {
            throw new Refused(31922, "the stream url must be wss, was " + url);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new Refused(12200, "the stream url may not have a query string: use <Parameter>");
        }
        return uri;
    }
}
