package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One person's visit to the site in a browser of their own. It remembers what a good page never has: errors in the
 * console, and requests to anywhere else.
 */
final class Visit implements AutoCloseable {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final String AXE = "axe.min.js";
    private static final Pattern BALANCE = Pattern.compile("\\d+:\\d\\d left");
    private static final String ZONE = "Europe/Berlin";
    /** Axe's rules for WCAG 2.1 AA, and its own best practices. */
    private static final String CHECK = """
            async () => {
              const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']});
              return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.any.map(a => a.message)}`));
            }""";

    private final URI site;
    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new ArrayList<>();
    private final List<String> strangers = new ArrayList<>();

    /** The size of the window. */
    enum Screen {
        DESKTOP(1280, 860),
        PHONE(390, 844),
        NARROW(320, 640);

        private final int width;
        private final int height;

        Screen(int width, int height) {
            this.width = width;
            this.height = height;
        }
    }

    Visit(Browser browser, URI site, Screen screen, ColorScheme colours) {
        this.site = site;
        this.context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(screen.width, screen.height)
                .setLocale("en-GB")
                .setTimezoneId(ZONE)
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE));
        this.context.setDefaultTimeout(20_000);
        this.page = context.newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            // The browser itself notes every refused request; the page is to show them to the person.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                errors.add(message.text());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(site.toString())
                    && !request.url().startsWith("blob:" + site)
                    && !request.url().startsWith("data:")) {
                strangers.add(request.url());
            }
        });
        page.navigate(site + "/");
    }

    Page page() {
        return page;
    }

    /** Another tab of the same person, with nothing remembered of it. */
    Page tab(URI address) {
        Page tab = context.newPage();
        tab.navigate(address + "/");
        return tab;
    }

    Visit signIn(String email, String password) {
        page.getByLabel("E-mail").fill(email);
        page.getByLabel("Password").fill(password);
        page.locator("form button[type=submit]").click();
        assertThat(page.locator("#balance")).hasText(BALANCE);
        return this;
    }

    void open(String route) {
        page.navigate(site + "/#/" + route);
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    void shoot(String name) {
        page.evaluate("scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** From now on the deadlines of the page's requests pass thirty times as fast, and {@code deadlines} has those there were. */
    void hurry() {
        page.evaluate("""
                () => {
                  window.deadlines = [];
                  window.patient = AbortSignal.timeout;
                  AbortSignal.timeout = (ms) => { deadlines.push(ms); return patient.call(AbortSignal, ms / 30); };
                }""");
    }

    /** Requests from now on have their usual deadlines again. */
    void bePatient() {
        page.evaluate("() => { AbortSignal.timeout = patient; }");
    }

    /** Nothing wider than the window, and nothing a person with a screen reader, or weak eyes, would stumble over. */
    void assertFitsAndIsAccessible() {
        assertFitsAndIsAccessible(page);
    }

    static void assertFitsAndIsAccessible(Page any) {
        int overhang = (Integer) any.evaluate("document.documentElement.scrollWidth - innerWidth");
        assertThat(overhang).as("pixels wider than the window").isNotPositive();
        any.evaluate(axe());
        assertThat((List<?>) any.evaluate(CHECK)).as("accessibility").isEmpty();
    }

    private static String axe() {
        try (InputStream script = Visit.class.getClassLoader().getResourceAsStream(AXE)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A clean visit: no script failed, and no one else was asked for anything. */
    @Override
    public void close() {
        context.close();
        assertThat(errors).as("errors in the console").isEmpty();
        assertThat(strangers).as("requests to others").isEmpty();
    }
}
