package ai.callmeback.dev.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs that come as Maven artifacts, unpacked once per machine and version. The archive holds
 * regular files, directories and symbolic links; anything that would leave the target directory is refused.
 */
final class PostgresBinaries {
    /** Kept in step with the artifact's version by a test. */
    static final String VERSION = "18.6.0";

    private PostgresBinaries() {}

    /** The directory that holds {@code bin/postgres}. */
    static Path unpack(Path machineCache) throws IOException {
        String system = system();
        String machine = machine();
        Path home = machineCache.resolve("postgres-" + VERSION + "-" + system.toLowerCase(Locale.ROOT) + "-" + machine);
        if (isComplete(home)) {
            return home;
        }
        Files.createDirectories(machineCache);
        try (FileChannel channel = FileChannel.open(
                        machineCache.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            if (!isComplete(home)) {
                extract(system, machine, home);
            }
        }
        return home;
    }

    private static boolean isComplete(Path home) {
        return Files.isRegularFile(home.resolve("complete"));
    }

    private static void extract(String system, String machine, Path home) throws IOException {
        Files.createDirectories(home);
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                extractEntry(tar, entry, home);
            }
        }
        Files.writeString(home.resolve("complete"), VERSION);
    }

    private static void extractEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path home) throws IOException {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
            throw new IOException("the archive names a file outside of it: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.deleteIfExists(target);
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static String system() {
        return System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    }

    private static String machine() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            case String other -> other;
        };
    }
}
