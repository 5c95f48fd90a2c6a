package ai.callmeback.dev.system;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.env.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts an environment for a whole-system test, on the best Temporal server this machine can have, and leaves a note
 * of which one it was for the end of the test run.
 */
public final class SystemStack {
    private SystemStack() {}

    public static Stack start(Path directory, UnaryOperator<StackOptions> adjust) throws Exception {
        Checkout checkout = Checkout.find();
        for (String module : new String[] {"api", "activities", "voice-worker", "simulators"}) {
            Assumptions.assumeTrue(
                    isBuilt(checkout, module), module + " is not packaged; run mvn verify, not mvn test");
            Packaged.staleness(checkout.root(), module, checkout.appJar(module)).ifPresent(stale -> {
                throw new IllegalStateException(stale);
            });
        }
        Stack stack = Stack.start(
                adjust.apply(StackOptions.isolated(checkout, directory)), words -> System.out.println("  " + words));
        Path note = checkout.root().resolve("temporal-dev/target/temporal-rung.txt");
        Files.createDirectories(note.getParent());
        Files.writeString(note, stack.temporal().describe() + "\n");
        System.out.println("Temporal used by the tests: " + stack.temporal().describe());
        return stack;
    }

    private static boolean isBuilt(Checkout checkout, String module) {
        try {
            return Files.isRegularFile(checkout.appJar(module));
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
