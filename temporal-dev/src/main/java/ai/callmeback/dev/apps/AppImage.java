package ai.callmeback.dev.apps;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * An application unpacked for a quick start: jars side by side instead of nested, and the JDK's start-up cache beside
 * them. The cache is recorded by the first run of a build that ends in good order and used by every later one.
 */
final class AppImage {
    /** Several processes of one application are started side by side and share its image. */
    private static final Map<Path, ReentrantLock> UNPACKING = new ConcurrentHashMap<>();

    private final App app;
    private final Path directory;
    private final Path jar;

    private AppImage(App app, Path directory, Path jar) {
        this.app = app;
        this.directory = directory;
        this.jar = jar;
    }

    /** Unpacks unless that was done for this very build; images of older builds are removed. */
    static AppImage prepare(App app, Path builtJar, Path images) throws IOException {
        Path directory = images.resolve(app.title() + "-" + fingerprint(builtJar));
        Path jar = directory.resolve(builtJar.getFileName());
        Files.createDirectories(images);
        ReentrantLock unpacking = UNPACKING.computeIfAbsent(directory, path -> new ReentrantLock());
        unpacking.lock();
        try (FileChannel file = FileChannel.open(
                images.resolve(app.title() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // For other processes of this checkout, which the lock in memory does not hold off; let go with the file.
            file.lock();
            if (!Files.isRegularFile(jar)) {
                removeOlder(images, app);
                Path half = Files.createTempDirectory(images, app.title() + "-");
                extract(builtJar, half);
                Files.move(half, directory, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            unpacking.unlock();
        }
        return new AppImage(app, directory, jar);
    }

    /** Of the contents: builds are reproducible, so all of them carry the same time. */
    private static String fingerprint(Path jar) throws IOException {
        CRC32C sum = new CRC32C();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(jar), sum)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Long.toString(sum.getValue(), 36) + "-" + Long.toString(Files.size(jar), 36);
    }

    private static void extract(Path builtJar, Path target) throws IOException {
        Process process = new ProcessBuilder(
                        java().toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djarmode=tools",
                        "-jar",
                        builtJar.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        target.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(builtJar + " could not be unpacked: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking " + builtJar, e);
        }
    }

    /** Removes images nobody can be running from: those of the same application in this environment. */
    private static void removeOlder(Path images, App app) throws IOException {
        if (!Files.isDirectory(images)) {
            return;
        }
        List<Path> older;
        try (Stream<Path> all = Files.list(images)) {
            older = all.filter(path -> path.getFileName().toString().startsWith(app.title() + "-"))
                    .toList();
        }
        for (Path each : older) {
            Files.walkFileTree(each, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }

    /** Whether this run records the start-up cache, which takes a while at its end. */
    boolean records(boolean mayRecord) {
        return mayRecord && !Files.isRegularFile(cache());
    }

    List<String> command(boolean mayRecord) {
        List<String> command = new ArrayList<>(List.of(java().toString()));
        command.addAll(app.jvmOptions());
        command.addAll(cacheOptions(mayRecord));
        // Not every JDK from 21 on knows every option.
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(List.of("-Djava.security.egd=file:/dev/urandom", "-Dfile.encoding=UTF-8"));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private List<String> cacheOptions(boolean mayRecord) {
        if (Runtime.version().feature() >= 25) {
            if (Files.isRegularFile(cache())) {
                return List.of("-XX:AOTCache=" + cache());
            }
            // Recorded by the quick compiler only: profiles for the slow one would have it compile what was once hot at
            // each start, when the processors are wanted most.
            return mayRecord
                    ? List.of(
                            "-XX:AOTCacheOutput=" + cache(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xlog:aot*=off",
                            "-Xlog:cds*=off")
                    : List.of();
        }
        if (Files.isRegularFile(cache())) {
            return List.of("-XX:SharedArchiveFile=" + cache(), "-Xshare:auto");
        }
        return mayRecord ? List.of("-XX:ArchiveClassesAtExit=" + cache(), "-Xlog:cds*=off") : List.of();
    }

    /** Of this JDK and these options: a cache recorded under another collector is of little use. */
    private Path cache() {
        String options = Integer.toString(app.jvmOptions().hashCode() & Integer.MAX_VALUE, 36);
        return directory.resolve("start-" + System.getProperty("java.version") + "-" + options + ".cache");
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
