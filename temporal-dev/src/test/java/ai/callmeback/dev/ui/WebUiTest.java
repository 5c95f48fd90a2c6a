package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.system.SharedStack;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The product's web UI in a real browser, against real processes: what a person sees from sign-in to the settled call. */
@ExtendWith(SharedStack.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WebUiTest {
    private static final double CALL_MILLIS = 90_000;
    private static final Pattern MONEY = Pattern.compile("\\$0\\.\\d{4,6}");

    private static Stack stack;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.open();
        // A loaded machine is slow, not wrong.
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        stack = SharedStack.stack();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void signingInTellsWhatIsWrongAndLastsOverAReload() {
        try (Visit visit = visitor(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            assertThat(page.locator("#top")).isHidden();
            page.locator("form button[type=submit]").click();
            assertThat(page.locator("#f-email-error")).isVisible();
            assertThat(page.getByLabel("E-mail")).isFocused();
            page.getByLabel("E-mail").fill(ApiClient.DEMO_EMAIL);
            page.getByLabel("Password").fill("not the password");
            page.getByLabel("Password").press("Enter");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("The e-mail or the password is wrong.");
            visit.shoot("sign-in-wrong-desktop");
            visit.assertFitsAndIsAccessible();

            visit.signIn(ApiClient.DEMO_EMAIL, ApiClient.DEMO_PASSWORD);
            assertThat(page.getByText("Who should call?")).isVisible();
            page.reload();
            assertThat(page.getByText("Who should call?")).isVisible();

            visit.open("account");
            visit.button("Sign out").click();
            assertThat(page.getByLabel("E-mail")).isVisible();
            page.reload();
            assertThat(page.getByLabel("E-mail")).isVisible();
        }
    }

    @Test
    void anAccountIsOpenedWithTheKeyboardAlone() {
        try (Visit visit = visitor(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("New here"))
                    .press("Enter");
            type(page, "Your name", "Ada");
            page.keyboard().press("Tab");
            page.keyboard().type("ada-" + UUID.randomUUID() + "@example.com");
            page.keyboard().press("Tab");
            page.keyboard().type("päss wörd 🔑");
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .containsText("Ada");
            // A newcomer has no credit: the page says so before the button is pressed, and after.
            assertThat(page.locator(".hint.bad")).containsText("you have 0:00");
            page.getByLabel("Number to ring").fill("+1 415 555 0150");
            page.getByLabel("Number to ring").press("Enter");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("Choose a shorter one or get more credit");
            visit.shoot("no-credit-desktop");
            visit.open("history");
            assertThat(page.getByText("No calls yet")).isVisible();
            visit.shoot("history-empty-desktop");
            visit.open("credits");
            assertThat(page.getByText("No movements yet")).isVisible();
        }
    }

    @Test
    void aCallIsWatchedLiveAndExplainedAfterwards() throws Exception {
        simulators().script("+14155550101", "demo-immediate");
        try (Visit visit = demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            visit.shoot("book-desktop");
            visit.assertFitsAndIsAccessible();
            page.getByText("Sarah", new Page.GetByTextOptions().setExact(true)).click();
            page.getByLabel("What is it about?").fill("My morning run keeps slipping.");
            page.getByLabel("Number to ring").fill("+14155550101");
            visit.button("Have Sarah call me now").click();

            assertThat(page.locator(".badge").first()).hasText("On the call", patient());
            assertThat(page.locator(".turn:not(.own)").first()).isVisible(longVisible());
            assertThat(page.locator(".turn.own").first()).containsText("marigold", patientText());
            assertThat(page.locator(".turn:not(.own) .meta").nth(1)).containsText("ms", patientText());
            assertThat(page.locator("[data-figure='Cost so far']")).hasText(MONEY, patient());
            assertThat(page.locator(".turns-time li").first()).isVisible(longVisible());
            visit.shoot("call-live-desktop");
            visit.assertFitsAndIsAccessible();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator(".cut").first()).isVisible();
            assertThat(page.getByText("talk is charged by the second")).isVisible();
            assertThat(page.locator("tfoot td")).hasText(MONEY);
            assertThat(page.locator("[data-figure=Cost]")).hasText(MONEY);
            visit.shoot("call-settled-desktop");
            visit.assertFitsAndIsAccessible();
            List<String> spoken = page.locator(".turn").allInnerTexts();

            visit.open("history");
            page.locator(".call-row").first().click();
            assertThat(page.locator(".turn")).hasCount(spoken.size());
            assertThat(page.locator(".turns-time li")).not().hasCount(0);
            visit.open("credits");
            assertThat(page.getByText("Call charged").first()).isVisible();
            visit.shoot("credits-desktop");
            visit.assertFitsAndIsAccessible();
        }
    }

    @Test
    void aScheduledCallIsMovedAndCancelled() {
        LocalDateTime first =
                LocalDateTime.now(ZoneId.of("Asia/Tokyo")).plusDays(3).truncatedTo(ChronoUnit.MINUTES);
        try (Visit visit = demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            visit.button("Later").click();
            page.getByLabel("Number to ring").fill("+14155550151");
            page.getByLabel("Day and time").fill("2020-01-01T07:00");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"))
                    .click();
            assertThat(page.locator("#f-scheduledFor-error")).containsText("already passed");
            visit.shoot("past-time-desktop");
            page.getByLabel("Day and time").fill(first.toString());
            page.getByLabel("Time zone").selectOption("Asia/Tokyo");
            visit.assertFitsAndIsAccessible();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"))
                    .click();

            assertThat(page.locator("#status-line")).containsText("Asia/Tokyo");
            assertThat(page.locator("#status-line")).containsText(clock(first));
            visit.shoot("scheduled-desktop");
            visit.assertFitsAndIsAccessible();

            visit.button("Move").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog.getByLabel("Day and time")).hasValue(first.toString());
            LocalDateTime second = first.plusDays(1).plusMinutes(30);
            dialog.getByLabel("Day and time").fill(second.toString());
            visit.shoot("move-desktop");
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Move the call"))
                    .click();
            assertThat(dialog).isHidden();
            assertThat(page.locator("#status-line")).containsText(clock(second));

            visit.button("Cancel the call").click();
            assertThat(page.locator(".badge").first()).hasText("Cancelled");
            assertThat(page.getByText("Not charged")).isVisible();
            visit.shoot("cancelled-desktop");
        }
    }

    @Test
    void aTalkIsExtendedAndHungUp() throws Exception {
        simulators()
                .script(
                        "+14155550152",
                        List.of(Map.of(
                                "do",
                                "repeat",
                                "times",
                                50,
                                "steps",
                                List.of(
                                        Map.of("do", "listen"),
                                        Map.of("do", "say", "text", "Go on, tell me about it.")))));
        try (Visit visit = demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.button("3 min").click();
            page.getByLabel("Number to ring").fill("+14155550152");
            visit.button("Have Brad call me now").click();
            assertThat(visit.button("Hang up")).isVisible(longVisible());
            assertThat(page.locator(".turn.own").first()).isVisible(longVisible());

            visit.button("1 minute").click();
            assertThat(page.locator("[data-figure=Length]")).hasText("4 min");
            visit.shoot("call-live-phone");
            visit.assertFitsAndIsAccessible();
            visit.button("Hang up").click();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator("#status-line")).containsText("you hung up");
            visit.shoot("call-settled-phone");
            visit.assertFitsAndIsAccessible();
        }
    }

    @Test
    void refusalsStandBesideWhatCausedThem() throws Exception {
        try (Visit visit = demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            page.getByLabel("Number to ring").fill("12");
            visit.button("Have Brad call me now").click();
            assertThat(page.locator("#f-phoneNumber-error")).containsText("not a phone number");
            assertThat(page.getByLabel("Number to ring")).isFocused();
            assertThat(page.getByLabel("Number to ring")).hasAttribute("aria-invalid", "true");
            visit.shoot("bad-number-phone");
            visit.assertFitsAndIsAccessible();

            ApiClient operator = ApiClient.demoUser(site());
            JsonHttp http = operator.http();
            http.put("/api/operator/switches/dialing", Map.of("enabled", false, "reason", "a test"));
            try {
                page.getByLabel("Number to ring").fill("+14155550153");
                visit.button("Have Brad call me now").click();
                assertThat(page.locator(".badge").first()).hasText("Not allowed", patient());
                assertThat(page.getByRole(AriaRole.ALERT)).containsText("Calls are paused by the operator.");
                visit.shoot("refused-phone");
                visit.assertFitsAndIsAccessible();
            } finally {
                http.put("/api/operator/switches/dialing", Map.of("enabled", true));
            }
        }
    }

    @Test
    void everyPageFitsEveryScreenInBothColours() {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (Visit.Screen screen : List.of(Visit.Screen.PHONE, Visit.Screen.NARROW)) {
                String suffix = "-" + screen.name().toLowerCase(java.util.Locale.ROOT) + "-"
                        + colours.name().toLowerCase(java.util.Locale.ROOT);
                try (Visit visit = new Visit(chromium.browser(), site(), screen, colours)) {
                    visit.shoot("sign-in" + suffix);
                    visit.assertFitsAndIsAccessible();
                    visit.signIn(ApiClient.DEMO_EMAIL, ApiClient.DEMO_PASSWORD);
                    for (String route : List.of("", "history", "credits", "account")) {
                        visit.open(route);
                        assertThat(visit.page().locator(".skeleton")).hasCount(0);
                        visit.shoot((route.isEmpty() ? "book" : route) + suffix);
                        visit.assertFitsAndIsAccessible();
                    }
                }
            }
        }
    }

    /** The reference page works without the internet: it asks nobody else, and runs under our content policy. */
    @Test
    void theApiReferenceWorksOffline() {
        try (Visit visit = visitor(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            page.navigate(site() + "/docs");
            page.getByText("Be called, now or later").click();
            assertThat(page.locator(".opblock.is-open")).containsText("insufficient_credit");
            visit.shoot("api-reference-desktop");
        }
    }

    @Test
    void apiKeysAreShownOnceAndRevoked() {
        try (Visit visit = demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            visit.open("account");
            visit.button("Make a key").click();
            assertThat(page.locator("#f-name-error")).isVisible();
            String name = "Script " + UUID.randomUUID();
            page.getByLabel("Name of the new key").fill(name);
            visit.button("Make a key").click();
            assertThat(page.locator(".secret")).hasText(Pattern.compile("cmb_.{43}"));
            visit.shoot("api-key-desktop");
            visit.assertFitsAndIsAccessible();
            page.reload();
            assertThat(page.getByText(name)).isVisible();
            assertThat(page.locator(".secret")).hasCount(0);
            visit.button("Revoke " + name).click();
            assertThat(page.getByText(name)).hasCount(0);
        }
    }

    /** The API dies under an open page: the page says so, offers to try again, and a live call's view mends itself. */
    @Test
    void anOutageIsToldAndMendsItself() throws Exception {
        try (Visit visit = demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.button("Later").click();
            page.getByLabel("Number to ring").fill("+14155550154");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"))
                    .click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            String call = page.url();

            stack.killAndHold("api");
            try {
                assertThat(page.locator(".connection")).containsText("trying again");
                visit.shoot("connection-lost-phone");
                page.evaluate("location.hash = '#/history'");
                assertThat(page.getByText("The service cannot be reached.")).isVisible();
                visit.shoot("offline-phone");
                visit.assertFitsAndIsAccessible();
                page.evaluate("address => { location.hash = new URL(address).hash }", call);
            } finally {
                stack.bringBack("api");
            }
            visit.button("Try again").click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            visit.button("Cancel the call").click();
            assertThat(page.locator(".badge").first()).hasText("Cancelled");
        }
    }

    /** A person is the callee: at the simulators' page they answer, talk, interrupt, press a key and hang up. */
    @Test
    void theCalleeIsAPersonAtTheOutboxPage() {
        String number = "+14155550160";
        try (Visit visit = demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            Page phone = visit.tab(Objects.requireNonNull(stack.endpoints().simulators()));
            phone.getByLabel("Number", new Page.GetByLabelOptions().setExact(true))
                    .fill(number);
            phone.locator("#take-form button").click();
            assertThat(phone.locator("#phones")).containsText(number, patientText());
            page.getByLabel("Number to ring").fill(number);
            visit.button("Have Brad call me now").click();
            assertThat(page.locator(".badge").first()).hasText("Ringing", patient());

            phone.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Answer").setExact(true))
                    .click();
            assertThat(page.locator(".badge").first()).hasText("On the call", patient());
            assertThat(phone.locator("#lines")).containsText("Brad", patientText());
            say(phone, "Tell me a story.");
            assertThat(phone.locator("#lines")).containsText("lighthouse keeper of Marrow", patientText());
            say(phone, "Wait, one thing please.");
            assertThat(page.locator(".turn.own").first()).containsText("Tell me a story", patientText());
            assertThat(page.locator(".cut").first()).isVisible(longVisible());
            phone.bringToFront();
            phone.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "callee.png")));
            phone.getByLabel("Key 5").click();
            phone.locator("#hang-up").click();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator("#status-line")).containsText("you hung up");
        }
    }

    private static void say(Page phone, String words) {
        phone.locator("#say").fill(words);
        phone.locator("#say").press("Enter");
    }

    private static void type(Page page, String label, String text) {
        page.getByLabel(label).focus();
        page.keyboard().type(text);
    }

    private static String clock(LocalDateTime time) {
        return time.toLocalTime().toString();
    }

    private static URI site() {
        return stack.endpoints().api();
    }

    private static SimulatorClient simulators() {
        return new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
    }

    private static Visit visitor(Visit.Screen screen) {
        return new Visit(chromium.browser(), site(), screen, ColorScheme.LIGHT);
    }

    private static Visit demo(Visit.Screen screen) {
        return visitor(screen).signIn(ApiClient.DEMO_EMAIL, ApiClient.DEMO_PASSWORD);
    }

    private static LocatorAssertions.HasTextOptions patient() {
        return new LocatorAssertions.HasTextOptions().setTimeout(CALL_MILLIS);
    }

    private static LocatorAssertions.ContainsTextOptions patientText() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(CALL_MILLIS);
    }

    private static LocatorAssertions.IsVisibleOptions longVisible() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(CALL_MILLIS);
    }
}
