package ai.callmeback.dev.ui;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.system.SharedStack;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The site of the environment all whole-system tests share, and browsers to visit it with: one for each thread tests run
 * on, since a browser answers to the thread alone that opened it.
 */
final class Site implements AutoCloseable {
    private final Map<Thread, Chromium> browsers = new ConcurrentHashMap<>();

    private Site() {
        browser();
        // A loaded machine is slow, not wrong.
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    }

    /** Gives the site to a test class that asks for it; where it cannot be had, the class is skipped with the reason. */
    static final class Extension implements BeforeAllCallback, ParameterResolver {
        @Override
        public void beforeAll(ExtensionContext context) throws Exception {
            // Before the environment, which takes long: without a browser there is nothing to start it for.
            of(context);
            new SharedStack().beforeAll(context);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Site.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return of(context);
        }

        private static Site of(ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Site.class))
                    .computeIfAbsent(Site.class, type -> new Site(), Site.class);
        }
    }

    Stack stack() {
        return SharedStack.stack();
    }

    URI address() {
        return stack().endpoints().api();
    }

    /** The simulators' page, where a person can be the one who is called. */
    URI outbox() {
        return Objects.requireNonNull(stack().endpoints().simulators());
    }

    SimulatorClient simulators() {
        return new SimulatorClient(outbox());
    }

    private Browser browser() {
        return browsers.computeIfAbsent(Thread.currentThread(), thread -> Chromium.open())
                .browser();
    }

    Visit visit(Visit.Screen screen, ColorScheme colours) {
        return new Visit(browser(), address(), screen, colours);
    }

    Visit visitor(Visit.Screen screen) {
        return visit(screen, ColorScheme.LIGHT);
    }

    Visit demo(Visit.Screen screen) {
        return visitor(screen).signIn(ApiClient.DEMO_EMAIL, ApiClient.DEMO_PASSWORD);
    }

    /** Somebody whose calls, credit and plan no other test touches. */
    Visit newcomer(Visit.Screen screen) throws IOException, InterruptedException {
        String email = "visitor-" + UUID.randomUUID() + "@example.com";
        String password = "just looking around";
        new JsonHttp(address())
                .post("/api/auth/register", Map.of("email", email, "password", password, "displayName", "Kim"));
        return visitor(screen).signIn(email, password);
    }

    @Override
    public void close() {
        browsers.values().forEach(Chromium::close);
    }
}
