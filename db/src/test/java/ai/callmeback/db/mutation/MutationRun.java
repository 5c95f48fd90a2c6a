package ai.callmeback.db.mutation;

import ai.callmeback.db.testing.Mutation;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code callmeback mutate}: takes the guards of {@code mutation/guards.json} out one by one, and each time the tests named
 * beside it must fail. First all of those tests run with every guard in place, and must pass: a red test notices nothing.
 */
public final class MutationRun {
    private static final String PACKAGE = "ai.callmeback.";
    private static final int NOT_ALL_CAUGHT = 1;
    private static final int RED_BEFORE = 2;

    private final PrintStream out;
    private final Instant began = Instant.now();
    private final Launcher launcher = LauncherFactory.create();

    private MutationRun(PrintStream out) {
        this.out = out;
    }

    /** Arguments: {@code --only TEXT} for the guards with it in their name; {@code --json} changes nothing. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        // What tests print is of no use here.
        System.setOut(new PrintStream(PrintStream.nullOutputStream()));
        List<String> given = List.of(arguments);
        int only = given.indexOf("--only");
        String text = only >= 0 && only + 1 < given.size() ? given.get(only + 1) : "";
        List<Guard> guards = Guard.all().stream()
                .filter(guard -> guard.guard().contains(text))
                .toList();
        // Event loops and the embedded server are daemons or end with us.
        System.exit(new MutationRun(out).run(guards));
    }

    private int run(List<Guard> guards) {
        Set<String> tests = new LinkedHashSet<>();
        guards.forEach(guard -> tests.addAll(guard.tests()));
        say("first the " + tests.size() + " tests and classes of " + guards.size()
                + " guards, with all guards in place");
        TestExecutionSummary before = execute(tests);
        if (guards.isEmpty() || before.getTotalFailureCount() > 0 || before.getTestsSucceededCount() == 0) {
            before.getFailures()
                    .forEach(failure -> say("fails with all guards in place: "
                            + failure.getTestIdentifier().getDisplayName() + ": "
                            + firstLine(failure.getException())));
            say(guards.isEmpty() ? "there is no such guard" : "nothing can be learned from tests that fail anyway");
            return RED_BEFORE;
        }
        List<String> survived = new ArrayList<>();
        int number = 0;
        for (Guard guard : guards) {
            String verdict = verdict(guard);
            if (verdict.isEmpty()) {
                survived.add(guard.guard());
            }
            say("%d of %d: %s (%s): %s"
                    .formatted(
                            ++number,
                            guards.size(),
                            guard.guard(),
                            guard.of(),
                            verdict.isEmpty() ? "SURVIVED, no test failed" : "caught by " + verdict));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("guards", guards.size());
        figures.put("caught", guards.size() - survived.size());
        figures.put("survived", survived);
        out.println(JsonMapper.shared().writeValueAsString(figures));
        return survived.isEmpty() ? 0 : NOT_ALL_CAUGHT;
    }

    /** The first test that failed; empty when none did. */
    @SuppressWarnings("try") // what is done while it is open is what matters
    private String verdict(Guard guard) {
        try (Mutation mutation = guard.takeOut()) {
            TestExecutionSummary summary = execute(guard.tests());
            return summary.getFailures().stream()
                    .map(failure -> failure.getTestIdentifier().getDisplayName())
                    .findFirst()
                    .orElse("");
        }
    }

    private TestExecutionSummary execute(Iterable<String> tests) {
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (String test : tests) {
            selectors.add(
                    test.contains("#")
                            ? DiscoverySelectors.selectMethod(PACKAGE + test)
                            : DiscoverySelectors.selectClass(PACKAGE + test));
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(), listener);
        return listener.getSummary();
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private void say(String words) {
        out.printf(
                Locale.ROOT,
                "%6.1f s  %s%n",
                Duration.between(began, Instant.now()).toMillis() / 1000.0,
                words);
        out.flush();
    }
}
