package ai.callmeback.dev.bench.voice;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What each part of this process has taken of the processor so far, by the names the system knows its threads by. Only
 * Linux tells; elsewhere nothing is known, and nothing is said.
 */
public final class ProcessorUse {
    private static final Path THREADS = Path.of("/proc/self/task");

    /** The unit of the kernel's counts ({@code USER_HZ} of proc(5): 100 on every processor we run on). */
    private static final long TICK_NANOS = 10_000_000;

    /** User and system time are the 14th and 15th field of {@code stat}; these are counted from behind the name. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    private ProcessorUse() {}

    /** Who takes it. Names are cut to 15 characters by the kernel. */
    public enum Part {
        CALLS("(call|vendors)-.*"),
        JOURNAL("journal"),
        COMPILERS("C[12] Compile.*"),
        COLLECTOR("VM Thread|GC .*"),
        OTHERS(".*");

        private final String names;

        Part(String names) {
            this.names = names;
        }

        /** For people. */
        public String words() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Part of(String thread) {
            return Arrays.stream(values())
                    .filter(part -> thread.matches(part.names))
                    .findFirst()
                    .orElse(OTHERS);
        }
    }

    /** Nanoseconds by part; empty where the system does not tell. A thread that ends meanwhile is not counted. */
    static Map<Part, Long> nanos() {
        if (!Files.isDirectory(THREADS)) {
            return Map.of();
        }
        Map<Part, Long> nanos = new EnumMap<>(Part.class);
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            threads.forEach(thread -> add(thread.resolve("stat"), nanos));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos;
    }

    /** Nanoseconds of processor this process has taken so far, in all. */
    static long ofThisProcess() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Percent of one processor between two counts. */
    static Map<Part, Double> percent(Map<Part, Long> before, Map<Part, Long> after, long nanosPassed) {
        return after.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        part -> Figures.round(
                                100.0 * (part.getValue() - before.getOrDefault(part.getKey(), 0L)) / nanosPassed),
                        (one, same) -> one,
                        () -> new EnumMap<>(Part.class)));
    }

    private static void add(Path stat, Map<Part, Long> nanos) {
        try {
            String line = Files.readString(stat);
            int nameEnds = line.lastIndexOf(')');
            List<String> fields = List.of(line.substring(nameEnds + 2).split(" ", -1));
            long ticks = Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM));
            nanos.merge(Part.of(line.substring(line.indexOf('(') + 1, nameEnds)), ticks * TICK_NANOS, Long::sum);
        } catch (IOException e) {
            // Threads come and go; what one took that is no more is lost, and is little.
            if (Files.exists(stat)) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
