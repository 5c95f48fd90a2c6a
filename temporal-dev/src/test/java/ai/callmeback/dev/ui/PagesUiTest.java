package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The web UI's pages in a real browser: signing in, every screen and colour, and the API's reference. */
@ExtendWith(Site.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(3)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PagesUiTest {
    /** Swagger UI draws an operation with all that it may answer at once. */
    private static final double SLOW_PAGE_MILLIS = 60_000;

    private final Site site;

    PagesUiTest(Site site) {
        this.site = site;
    }

    @Test
    void signingInTellsWhatIsWrongAndLastsOverAReload() {
        try (Visit visit = site.visitor(Visit.Screen.DESKTOP)) {
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

    /** Guard: the deadline of each request. Without it a page waits for ever for an answer that does not come. */
    @Test
    void anAnswerThatNeverComesIsGivenUpAndAskedForAgain() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.hurry();
            page.route("**/api/calls?*", route -> {});
            visit.open("history");
            assertThat(page.getByRole(AriaRole.STATUS, new Page.GetByRoleOptions().setName("Loading")))
                    .isVisible();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service did not answer in time.");
            Assertions.assertThat((String) page.evaluate("deadlines.join()")).contains("30000");
            visit.shoot("no-answer-phone");
            visit.assertFitsAndIsAccessible();
            visit.button("Try again").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service did not answer in time.");
            page.unroute("**/api/calls?*");
            visit.bePatient();
            visit.button("Try again").click();
            assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Your calls")))
                    .isVisible();
        }
    }

    /** What was sent may have been done: it is sent again under the same key, and the form can be used meanwhile. */
    @Test
    void aBookingThatIsNotAnsweredCanBeSentAgainAndIsNotMadeTwice() {
        String about = "No answer " + UUID.randomUUID();
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            List<String> keys = new CopyOnWriteArrayList<>();
            page.route("**/api/calls", route -> {
                keys.add(route.request().headers().get("idempotency-key"));
                if (keys.size() == 1) {
                    // Done, but nobody is told.
                    route.fetch();
                } else {
                    route.resume();
                }
            });
            visit.button("Later").click();
            page.getByLabel("What is it about?").fill(about);
            page.getByLabel("Number to ring").fill("+14155550156");
            Locator book = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"));
            visit.hurry();
            book.click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("what was asked for is not done twice");
            assertThat(book).isEnabled();
            visit.assertFitsAndIsAccessible();
            visit.bePatient();
            book.click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            Assertions.assertThat(keys).hasSize(2).doesNotContainNull();
            Assertions.assertThat(keys.getFirst()).isEqualTo(keys.getLast());
            visit.open("history");
            assertThat(page.getByText(about)).hasCount(1);
        }
    }

    @Test
    void anAccountIsOpenedWithTheKeyboardAlone() {
        try (Visit visit = site.visitor(Visit.Screen.DESKTOP)) {
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
            assertThat(page.locator(".page-book .hint.center")).containsText("Your first call is free");
            // For a longer one a newcomer has no credit: the page says so before the button is pressed, and after.
            visit.button("10 min").press("Enter");
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
    void everyPageFitsEveryScreenInBothColours() {
        // A colour changes no layout and a width no colour: each of both once is enough.
        Map<Visit.Screen, ColorScheme> visits =
                Map.of(Visit.Screen.PHONE, ColorScheme.DARK, Visit.Screen.NARROW, ColorScheme.LIGHT);
        visits.forEach((screen, colours) -> {
            String suffix = "-" + screen.name().toLowerCase(java.util.Locale.ROOT) + "-"
                    + colours.name().toLowerCase(java.util.Locale.ROOT);
            try (Visit visit = site.visit(screen, colours)) {
                visit.shoot("sign-in" + suffix);
                visit.assertFitsAndIsAccessible();
                visit.signIn(ApiClient.DEMO_EMAIL, ApiClient.DEMO_PASSWORD);
                for (String route : List.of("", "history", "credits", "buy", "account", "finance", "operate")) {
                    visit.open(route);
                    assertThat(visit.page().locator(".skeleton")).hasCount(0);
                    visit.shoot((route.isEmpty() ? "book" : route) + suffix);
                    visit.assertFitsAndIsAccessible();
                }
            }
        });
    }

    @Test
    void aPlanIsChosenAndChanged() throws Exception {
        JsonHttp simulators = site.simulators().http();
        try (Visit visit = site.newcomer(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("buy");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Standard: $29.99 a month"))
                    .click();
            Locator pay = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Pay $29.99 now"));
            assertThat(pay).isVisible();
            visit.shoot("plan-open-phone");
            visit.assertFitsAndIsAccessible();
            String checkout = pay.getAttribute("href");
            simulators.post(
                    "/control/stripe/sessions/" + checkout.substring(checkout.lastIndexOf('/') + 1) + "/pay/CARD",
                    Map.of());
            assertThat(page.getByText("10 of 10")).isVisible();
            visit.shoot("plan-running-phone");
            visit.assertFitsAndIsAccessible();

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Change to Power"))
                    .click();
            assertThat(page.getByText("25 of 25")).isVisible();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("End it with this month"))
                    .click();
            assertThat(page.getByText("is not paid again")).isVisible();
            visit.shoot("plan-ending-phone");
            visit.assertFitsAndIsAccessible();
            visit.open("buy");
            assertThat(page.getByText("25 of 25 calls left")).isVisible();
            visit.shoot("buy-with-plan-phone");
        }
    }

    @Test
    void minutesAreToppedUpByThemselves() throws Exception {
        JsonHttp simulators = site.simulators().http();
        try (Visit visit = site.newcomer(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("buy");
            page.locator("summary", new Page.LocatorOptions().setHasText("Switch it on"))
                    .click();
            Locator on = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Switch it on"));
            page.getByLabel("At most a month, in dollars").fill("20");
            on.click();
            assertThat(page.locator("#f-consent-error")).containsText("agreement");
            visit.assertFitsAndIsAccessible();
            page.getByText("I agree that my saved card is charged").click();
            on.click();

            Locator save = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Save a card"));
            assertThat(save).isVisible();
            visit.shoot("top-up-card-phone");
            String checkout = save.getAttribute("href");
            simulators.post(
                    "/control/stripe/sessions/" + checkout.substring(checkout.lastIndexOf('/') + 1) + "/pay/CARD",
                    Map.of());
            assertThat(page.getByText("visa ending 4242")).isVisible();
            visit.open("buy");
            assertThat(page.getByText("$14.99 of $20.00")).isVisible();
            visit.shoot("top-up-on-phone");
            visit.assertFitsAndIsAccessible();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Switch it off"))
                    .click();
            assertThat(page.getByText("Auto top-up is off")).isVisible();
        }
    }

    @Test
    void minutesAreBought() throws Exception {
        JsonHttp simulators = site.simulators().http();
        simulators.put("/control/stripe", Map.of("feeDelayMillis", 0));
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("credits");
            page.getByText("Buy minutes").click();
            page.getByText("I have a coupon").click();
            page.getByLabel("Coupon").fill("NOSUCH");
            Locator buy =
                    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Buy for $14.99: 25 minutes"));
            buy.click();
            assertThat(page.locator("#f-coupon-error")).containsText("no such coupon");
            assertThat(page.getByLabel("Coupon")).isFocused();
            visit.shoot("buy-coupon-phone");
            page.getByLabel("Coupon").fill("");
            buy.click();

            Locator pay = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Pay $14.99 now"));
            assertThat(pay).isVisible();
            visit.shoot("purchase-open-phone");
            visit.assertFitsAndIsAccessible();
            String checkout = pay.getAttribute("href");
            simulators.post(
                    "/control/stripe/sessions/" + checkout.substring(checkout.lastIndexOf('/') + 1) + "/pay/CARD",
                    Map.of());
            assertThat(page.getByText("Your minutes are there")).isVisible();
            visit.shoot("purchase-paid-phone");
            visit.assertFitsAndIsAccessible();
            String purchase = page.url().substring(page.url().lastIndexOf('/') + 1);
            visit.open("buy");
            assertThat(page.locator("a[href='#/buy/" + purchase + "']")).isVisible();

            visit.open("finance");
            assertThat(page.locator("[data-figure=cash_receipts]")).not().hasText("$0.00");
            assertThat(page.locator(".money-chart svg")).isVisible();
            page.getByText("Every figure").click();
            page.getByLabel("Entries behind Cash received").click();
            assertThat(page.getByText("grant paid").first()).isVisible();
            visit.shoot("finance-figures-phone");
            visit.assertFitsAndIsAccessible();
            page.getByLabel("Purchase").fill(purchase);
            page.locator("#f-amountUsd").fill("5.00");
            page.getByLabel("Why").fill("Bought one too many.");
            visit.button("Order the refund").click();
            assertThat(page.getByText("is on its way back")).isVisible();
            visit.shoot("finance-refund-phone");
            visit.assertFitsAndIsAccessible();
        }
    }

    /** The reference page works without the internet: it asks nobody else, and runs under our content policy. */
    @Test
    void theApiReferenceWorksOffline() {
        try (Visit visit = site.visitor(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            page.setDefaultTimeout(SLOW_PAGE_MILLIS);
            page.navigate(site.address() + "/docs");
            page.getByText("Be called, now or later").click();
            assertThat(page.locator(".opblock.is-open"))
                    .containsText(
                            "insufficient_credit",
                            new LocatorAssertions.ContainsTextOptions().setTimeout(SLOW_PAGE_MILLIS));
            visit.shoot("api-reference-desktop");
        }
    }

    @Test
    void apiKeysAreShownOnceAndRevoked() {
        try (Visit visit = site.demo(Visit.Screen.DESKTOP)) {
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

    /** What takes long is seen to be loading; what fails can be tried again. */
    @Test
    void loadingAndFailingPagesSaySo() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            AtomicReference<Route> held = new AtomicReference<>();
            page.route("**/api/calls?*", held::set);
            visit.open("history");
            assertThat(page.getByRole(AriaRole.STATUS, new Page.GetByRoleOptions().setName("Loading")))
                    .isVisible();
            visit.shoot("loading-phone");
            page.waitForCondition(() -> held.get() != null);
            held.get()
                    .fulfill(new Route.FulfillOptions()
                            .setStatus(503)
                            .setContentType("application/problem+json")
                            .setBody(
                                    "{\"code\":\"storage_unavailable\",\"title\":\"The service cannot reach its storage\","
                                            + "\"detail\":\"Nothing was changed. Please try again shortly.\"}"));
            assertThat(page.getByText("Nothing was changed.")).isVisible();
            visit.assertFitsAndIsAccessible();
            page.unroute("**/api/calls?*");
            visit.button("Try again").click();
            assertThat(page.getByText("Your calls")).isVisible();
        }
    }

    private static void type(Page page, String label, String text) {
        page.getByLabel(label).focus();
        page.keyboard().type(text);
    }
}
