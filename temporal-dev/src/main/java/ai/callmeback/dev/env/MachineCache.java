package ai.callmeback.dev.env;

import java.nio.file.Path;
import java.util.Map;

/** Where this machine's user keeps what all checkouts share: the Temporal CLI, the PostgreSQL binaries. */
public final class MachineCache {
    private MachineCache() {}

    /** {@code CALLMEBACK_CACHE}, else the platform's cache directory; not created here. */
    public static Path directory(Map<String, String> environment) {
        String explicit = environment.getOrDefault("CALLMEBACK_CACHE", "");
        if (!explicit.isBlank()) {
            return Path.of(explicit).toAbsolutePath();
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        if (System.getProperty("os.name").startsWith("Mac")) {
            return Path.of(home, "Library", "Caches", "callmeback");
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return xdg.isBlank() ? Path.of(home, ".cache", "callmeback") : Path.of(xdg, "callmeback");
    }
}
