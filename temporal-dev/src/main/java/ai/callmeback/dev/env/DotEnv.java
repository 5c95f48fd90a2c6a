package ai.callmeback.dev.env;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings files of {@code NAME=value} lines, as {@code docker compose} reads them too: blank lines and lines that
 * begin with {@code #} are passed over, quotes around a value are taken off.
 */
public final class DotEnv {
    private DotEnv() {}

    /** The settings in the file, in its order; none when there is no such file. Throws with the line it cannot read. */
    public static Map<String, String> read(Path file) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return settings;
        }
        int number = 0;
        for (String raw : Files.readAllLines(file)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IOException(file + " line " + number + " is not NAME=value");
            }
            String name = line.substring(0, equals).strip();
            settings.put(
                    name.startsWith("export ") ? name.substring(7).strip() : name,
                    unquote(line.substring(equals + 1).strip()));
        }
        return settings;
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2 && "\"'".indexOf(value.charAt(0)) >= 0;
        if (quoted && value.charAt(value.length() - 1) == value.charAt(0)) {
            return value.substring(1, value.length() - 1);
        }
        int comment = value.indexOf(" #");
        return comment >= 0 ? value.substring(0, comment).strip() : value;
    }
}
