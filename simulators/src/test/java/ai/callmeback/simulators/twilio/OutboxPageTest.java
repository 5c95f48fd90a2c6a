package ai.callmeback.simulators.twilio;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.speech.SpeechCodec;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The outbox page in a real browser: a person at it answers a phone, hears, speaks, presses keys and hangs up. */
class OutboxPageTest extends LiveExchange {
    private static final String TO = "+14155550123";
    private static final List<Path> BROWSERS = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));
    private static final LocatorAssertions.ContainsTextOptions PATIENT =
            new LocatorAssertions.ContainsTextOptions().setTimeout((double) SOON.toMillis());

    private static Playwright playwright;
    private static Browser browser;

    @Autowired
    private Journal journal;

    @BeforeAll
    static void open() {
        try {
            // An installed browser is used as it is: nothing is to be downloaded for it.
            List<Path> installed = BROWSERS.stream().filter(Files::isExecutable).toList();
            Map<String, String> environment =
                    installed.isEmpty() ? Map.of() : Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                    .setArgs(List.of("--no-sandbox"))
                    .setHeadless(true);
            if (!installed.isEmpty()) {
                options.setExecutablePath(installed.get(0));
            }
            browser = playwright.chromium().launch(options);
            // A loaded machine is slow, not wrong.
            PlaywrightAssertions.setDefaultAssertionTimeout((double) SOON.toMillis());
        } catch (PlaywrightException e) {
            Assumptions.abort("no browser can be had here: " + e.getMessage());
        }
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void reset() throws Exception {
        control("POST", "/reset", "");
    }

    private Page page(List<String> requests) {
        Page page = browser.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.navigate("http://127.0.0.1:" + port + "/");
        assertThat(page.locator("#link")).containsText("Live", PATIENT);
        return page;
    }

    @Test
    void aPersonAnswersHearsSpeaksPressesKeysAndHangsUp() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (FakeCustomer customer = new FakeCustomer();
                Page page = page(requests)) {
            customer.twiml = callback ->
                    "<Response><Connect><Stream url=\"" + customer.mediaUrl(1) + "\"/></Connect></Response>";
            page.getByLabel("Number", new Page.GetByLabelOptions().setExact(true))
                    .fill(TO);
            page.locator("#take-form button").click();
            assertThat(page.locator("#phones")).containsText(TO, PATIENT);

            String sid = json(post(calls(), "To", TO, "From", FROM, "Url", customer.url("/voice/1")))
                    .get("sid")
                    .asString();
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Answer").setExact(true))
                    .click();
            await().atMost(SOON)
                    .until(() -> customer.media.size() == 1
                            && !customer.media.get(0).event("start").isEmpty());
            FakeCustomer.Media media = customer.media.get(0);

            media.audio(SpeechCodec.encode("Hello, how are you today my dear friend?")
                    .audio());
            assertThat(page.locator("#lines")).containsText("Hello, how are", PATIENT);
            page.locator("#say").fill("Wait, who is this?");
            page.locator("#say").press("Enter");
            await().atMost(SOON).until(() -> media.heardText().contains("Wait, who is this?"));
            assertThat(page.locator("#lines")).containsText("my dear friend?", PATIENT);

            page.getByLabel("Key 5").click();
            await().atMost(SOON).until(() -> media.event("dtmf").size() == 1);
            page.locator("#hang-up").click();
            await().atMost(SOON)
                    .until(() -> json(get(call(sid))).get("status").asString().equals("completed"));
            assertThat(page.locator("#talk")).isHidden();
            assertThat(page.locator("#journal")).containsText("call.ended", PATIENT);
            assertThat(requests).allMatch(url -> url.startsWith("http://127.0.0.1:" + port + "/"));
        }
    }

    @Test
    void showsMailsWithoutRunningThem() {
        try (Page page = page(new CopyOnWriteArrayList<>())) {
            journal.append(
                    "resend",
                    "re_1",
                    "email.accepted",
                    Details.of(
                            "to", List.of("someone@example.com"),
                            "subject", "Your call is ready",
                            "html", "<p>Ready.</p><script>parent.document.title='run'</script>",
                            "text", "Ready."));
            page.getByText("Your call is ready").first().click();
            assertThat(page.locator("#mails pre")).containsText("Ready.", PATIENT);
            assertThat(page.locator("#mails iframe")).hasAttribute("sandbox", "");
            assertThat(page.title()).startsWith("Outbox");
        }
    }

    @Test
    void setsAndClearsFaults() {
        try (Page page = page(new CopyOnWriteArrayList<>())) {
            page.locator("#fault-form button").click();
            assertThat(page.locator("#faults")).containsText("twilio * DELAY for all", PATIENT);
            page.locator("#faults button").click();
            assertThat(page.locator("#faults li")).hasCount(0);
        }
    }

    @Test
    void fitsAPhone() {
        try (Page page = page(new CopyOnWriteArrayList<>())) {
            page.setViewportSize(360, 740);
            int width = (Integer) page.evaluate("document.documentElement.scrollWidth");
            assertThat(width).isLessThanOrEqualTo(360);
        }
    }
}
