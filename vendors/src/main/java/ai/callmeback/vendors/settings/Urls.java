package ai.callmeback.vendors.settings;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Small facts about URLs. */
public final class Urls {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private Urls() {}

    /** {@code path} under a base that may itself have a path, with exactly one slash between. */
    public static URI append(URI base, String path) {
        String left = base.toString();
        String trimmed = left.endsWith("/") ? left.substring(0, left.length() - 1) : left;
        return URI.create(trimmed + (path.startsWith("/") ? path : "/" + path));
    }

    public static boolean secure(URI uri) {
        String scheme = scheme(uri);
        return scheme.equals("https") || scheme.equals("wss");
    }

    public static boolean loopback(URI uri) {
        String host = uri.getHost();
        return host != null && (LOOPBACK.contains(host.toLowerCase(Locale.ROOT)) || host.startsWith("127."));
    }

    public static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : secure(uri) ? 443 : 80;
    }

    /** The same address for plain HTTP requests: {@code wss} becomes {@code https}, {@code ws} becomes {@code http}. */
    public static URI http(URI uri) {
        return switch (scheme(uri)) {
            case "wss" -> URI.create("https" + uri.toString().substring("wss".length()));
            case "ws" -> URI.create("http" + uri.toString().substring("ws".length()));
            default -> uri;
        };
    }

    static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
