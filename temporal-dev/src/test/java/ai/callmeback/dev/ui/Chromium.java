package ai.callmeback.dev.ui;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A real headless Chromium: one that is installed, else Playwright's own; without either the test says so and is skipped. */
final class Chromium implements AutoCloseable {
    private static final List<Path> INSTALLED = List.of(
            Path.of("/usr/bin/chromium"),
            Path.of("/usr/bin/chromium-browser"),
            Path.of("/usr/bin/google-chrome"),
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium open() {
        List<Path> found = INSTALLED.stream().filter(Files::isExecutable).toList();
        // An installed browser is used as it is: nothing is to be downloaded for it.
        Map<String, String> environment = found.isEmpty() ? Map.of() : Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        try {
            Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                    .setArgs(List.of("--no-sandbox"))
                    .setHeadless(true);
            if (!found.isEmpty()) {
                options.setExecutablePath(found.getFirst());
            }
            return new Chromium(playwright, playwright.chromium().launch(options));
        } catch (PlaywrightException e) {
            return Assumptions.abort("no browser can be had here: " + e.getMessage());
        }
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
