package ai.callmeback.dev.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Starts a command out of reach of the terminal's Ctrl-C, so that children end in our order and not all at once. The
 * command keeps the process id of the wrapper, which replaces itself.
 */
final class Detached {
    private static final String WRAPPER =
            "trap '' INT; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else exec \"$@\"; fi";

    private Detached() {}

    static List<String> command(List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of("sh", "-c", WRAPPER, "sh"));
        wrapped.addAll(command);
        return wrapped;
    }
}
