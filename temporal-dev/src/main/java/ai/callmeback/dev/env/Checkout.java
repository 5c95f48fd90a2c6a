package ai.callmeback.dev.env;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where things are in a working copy of this repository. */
public record Checkout(Path root) {

    /** From {@code CALLMEBACK_ROOT}, which the launcher sets, else the nearest directory above that has our script. */
    public static Checkout find() {
        String given = System.getenv().getOrDefault("CALLMEBACK_ROOT", "");
        if (!given.isBlank()) {
            return new Checkout(Path.of(given).toAbsolutePath().normalize());
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("callmeback")) && Files.isDirectory(at.resolve("temporal-dev"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException(
                "no checkout of Call Me Back above " + Path.of("").toAbsolutePath());
    }

    /** Everything a run leaves behind: data, secrets, logs. */
    public Path state() {
        return root.resolve(".callmeback");
    }

    /** The unpacked applications of whole-system tests; apart from those of a running environment, which may be older. */
    public Path testImages() {
        return root.resolve("temporal-dev").resolve("target").resolve("app-images");
    }

    public Path goModule() {
        return root.resolve("temporal-dev").resolve("temporal-cli");
    }

    /** The runnable archive of a module; throws when it is not built. */
    public Path appJar(String module) {
        Path target = root.resolve(module).resolve("target");
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().endsWith("-app.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new IllegalStateException("expected one *-app.jar in " + target + ", found " + jars.size()
                        + "; build with: mvn package -DskipTests");
            }
            return jars.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
