package ai.callmeback.dev.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Whether a packaged application holds what is compiled. By contents: builds are reproducible, so all archives carry the
 * same time. Whole-system tests run the packages; over old ones they would say nothing of what is being tested.
 */
final class Packaged {
    private static final String OWN = "BOOT-INF/classes/";
    private static final Pattern LIBRARY = Pattern.compile("BOOT-INF/lib/callmeback-([a-z-]+?)-\\d.*\\.jar");

    private Packaged() {}

    /** The first thing that is compiled and not packaged so, in words; empty when there is none. */
    static Optional<String> staleness(Path root, String module, Path appJar) throws IOException {
        for (Map.Entry<String, Map<String, Long>> part : parts(module, appJar).entrySet()) {
            Path classes = root.resolve(part.getKey()).resolve("target/classes");
            for (Map.Entry<String, Long> compiled : compiled(classes).entrySet()) {
                if (!compiled.getValue().equals(part.getValue().get(compiled.getKey()))) {
                    return Optional.of(module + " was packaged before " + part.getKey() + "'s " + compiled.getKey()
                            + " was compiled; run: mvn package -DskipTests");
                }
            }
        }
        return Optional.empty();
    }

    /** By module, what the archive holds of it: the checksum of each file. */
    private static Map<String, Map<String, Long>> parts(String module, Path appJar) throws IOException {
        Map<String, Map<String, Long>> parts = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(appJar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Matcher library = LIBRARY.matcher(entry.getName());
                if (library.matches()) {
                    try (ZipInputStream jar = new ZipInputStream(zip.getInputStream(entry))) {
                        parts.put(library.group(1), files(jar));
                    }
                } else if (entry.getName().startsWith(OWN) && !entry.isDirectory()) {
                    parts.computeIfAbsent(module, any -> new HashMap<>())
                            .put(entry.getName().substring(OWN.length()), entry.getCrc());
                }
            }
        }
        return parts;
    }

    private static Map<String, Long> files(ZipInputStream jar) throws IOException {
        Map<String, Long> files = new HashMap<>();
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
            files.put(entry.getName(), checksum(jar));
        }
        return files;
    }

    private static Map<String, Long> compiled(Path classes) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        if (!Files.isDirectory(classes)) {
            return files;
        }
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace('\\', '/');
                // The packaging moves and rewrites what describes the archive.
                if (!name.startsWith("META-INF/")) {
                    try (InputStream in = Files.newInputStream(file)) {
                        files.put(name, checksum(in));
                    }
                }
            }
        }
        return files;
    }

    private static long checksum(InputStream in) throws IOException {
        CRC32 sum = new CRC32();
        new CheckedInputStream(in, sum).transferTo(OutputStream.nullOutputStream());
        return sum.getValue();
    }
}
