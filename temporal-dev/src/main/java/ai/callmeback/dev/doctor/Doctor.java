package ai.callmeback.dev.doctor;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.db.purchase.StripePrices;
import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.RunningDatabase;
import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.env.MachineCache;
import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.temporal.NamespaceSetup;
import ai.callmeback.dev.temporal.TemporalSource;
import ai.callmeback.vendors.settings.Secret;
import io.grpc.StatusRuntimeException;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.r2dbc.core.DatabaseClient;

/** Looks at the JDK, Maven, disk, ports, Temporal, PostgreSQL and each vendor. Asks the vendors only what is free. */
public final class Doctor {
    private static final long ENOUGH_BYTES = 2L << 30;
    private static final int LONG_TERM_FROM = 21;
    private static final int LONG_TERM_EVERY = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final StackOptions options;
    private final Settings settings;

    public Doctor(StackOptions options) {
        this.options = options;
        this.settings = options.settings();
    }

    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(jdk(Runtime.version().feature()));
        findings.add(maven());
        findings.add(disk("disk of the checkout", options.checkout().root()));
        findings.add(disk("disk of the cache", MachineCache.directory(settings.values())));
        findings.add(ports());
        findings.add(temporal());
        findings.add(postgres());
        findings.addAll(new VendorCheckup(settings).examine());
        findings.add(InboundNumbers.examine(settings));
        findings.addAll(new StripeKeys(settings, this::prices).examine());
        return findings;
    }

    private Optional<StripePrices.Standing> prices(boolean live) {
        try {
            Optional<String> url = RunningDatabase.url(options.checkout(), settings);
            if (url.isEmpty()) {
                return Optional.empty();
            }
            try (Database open = Database.open(DatabaseSettings.parse(url.get()).withMaxConnections(1))) {
                return new StripePrices(DatabaseClient.create(open.connectionFactory()))
                        .standing(live)
                        .blockOptional(PATIENCE);
            }
        } catch (IOException | RuntimeException e) {
            // That the database cannot be asked is a finding of its own above.
            return Optional.empty();
        }
    }

    static Finding jdk(int feature) {
        String words = "JDK " + feature + " at " + System.getProperty("java.home");
        boolean longTerm = (feature - LONG_TERM_FROM) % LONG_TERM_EVERY == 0;
        return longTerm
                ? Finding.ok("JDK", words)
                : Finding.note("JDK", words + ", no long-term release", "install JDK 25 for a release that is kept up");
    }

    private Finding maven() {
        for (String directory : settings.get("PATH", "").split(File.pathSeparator, -1)) {
            Path program = Path.of(directory.isEmpty() ? "." : directory, "mvn");
            if (Files.isExecutable(program)) {
                return Finding.ok("Maven", program.toString());
            }
        }
        return Finding.wrong("Maven", "no mvn on the PATH", "install it: apt-get install maven, or brew install maven");
    }

    private static Finding disk(String subject, Path path) {
        Path there = path.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String words = (free >> 20) + " MiB free at " + there;
            return free >= ENOUGH_BYTES
                    ? Finding.ok(subject, words)
                    : Finding.wrong(subject, words, "free some space: builds, logs and data want 2 GiB");
        } catch (IOException e) {
            return Finding.wrong(subject, there + " cannot be looked at: " + e.getMessage(), "check its permissions");
        }
    }

    private Finding ports() {
        if (new RunFile(options.state()).read().isPresent()) {
            return Finding.ok("ports", "in use by this checkout, which is up");
        }
        List<Integer> taken = new ArrayList<>();
        for (App app : App.values()) {
            if (!Ports.isFree(app.usualPort())) {
                taken.add(app.usualPort());
            }
        }
        return taken.isEmpty()
                ? Finding.ok("ports", "the usual ones are free")
                : Finding.note("ports", taken + " are taken", "nothing to do: free ones are used instead");
    }

    private Finding temporal() {
        Optional<TemporalSource> source = Stack.ladder(options, words -> {}).resolveAtOnce();
        if (source.isEmpty()) {
            return Finding.note(
                    "Temporal",
                    "no server at hand; the first start downloads it, or builds it with Go (2 to 5 minutes, once)",
                    "to spare the wait install the CLI: https://temporal.io/setup");
        }
        if (source.get() instanceof TemporalSource.Running running) {
            try {
                String version = new NamespaceSetup(
                                running.target(),
                                settings.get("TEMPORAL_NAMESPACE", "default"),
                                Secret.of(settings.get("TEMPORAL_API_KEY", "")))
                        .serverVersion();
                return Finding.ok("Temporal", running.target() + " answers, server " + version);
            } catch (StatusRuntimeException e) {
                return Finding.wrong(
                        "Temporal",
                        running.target() + " does not answer: " + e.getStatus().getCode(),
                        "check TEMPORAL_ADDRESS and TEMPORAL_API_KEY, or unset them to have one started");
            }
        }
        return Finding.ok("Temporal", source.get().describe());
    }

    private Finding postgres() {
        if (!settings.has("DATABASE_URL")) {
            return Finding.ok(
                    "PostgreSQL", "embedded, data in " + options.state().resolve("postgres"));
        }
        URI url = URI.create(settings.get("DATABASE_URL", "").replaceFirst("//[^@/]*@", "//"));
        int port = url.getPort() < 0 ? 5432 : url.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(String.valueOf(url.getHost()), port), 3_000);
            return Finding.ok("PostgreSQL", url.getHost() + ":" + port + " answers");
        } catch (IOException e) {
            return Finding.wrong(
                    "PostgreSQL",
                    url.getHost() + ":" + port + " does not answer: " + e.getMessage(),
                    "check DATABASE_URL, or unset it to have one started");
        }
    }
}
