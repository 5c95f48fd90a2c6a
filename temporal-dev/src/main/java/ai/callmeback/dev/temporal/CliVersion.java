package ai.callmeback.dev.temporal;

import ai.callmeback.dev.process.ProcessEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code temporal --version} says, as in {@code temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)}.
 *
 * @param server names the SQLite file: the dev server makes its schema only when the file is missing
 */
public record CliVersion(String cli, String server) {
    private static final Pattern LINE = Pattern.compile("version (\\S+) \\(Server ([^,)]+)");

    /** Empty when the program does not start, does not answer within ten seconds or is something else. */
    static Optional<CliVersion> of(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!ProcessEnd.within(process, Duration.ofSeconds(10))) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Optional<CliVersion> parse(String text) {
        Matcher matcher = LINE.matcher(text);
        return matcher.find() ? Optional.of(new CliVersion(matcher.group(1), matcher.group(2))) : Optional.empty();
    }
}
