package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What a person sees in the web UI while the operator has stopped dialling, and while the API is dead. */
@ExtendWith(Site.Extension.class)
@Isolated
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TroubleUiTest {
    private static final double CALL_MILLIS = 90_000;

    private final Site site;

    TroubleUiTest(Site site) {
        this.site = site;
    }

    @Test
    void refusalsStandBesideWhatCausedThem() throws Exception {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            page.getByLabel("Number to ring").fill("12");
            visit.button("Have Brad call me now").click();
            assertThat(page.locator("#f-phoneNumber-error")).containsText("not a phone number");
            assertThat(page.getByLabel("Number to ring")).isFocused();
            assertThat(page.getByLabel("Number to ring")).hasAttribute("aria-invalid", "true");
            visit.shoot("bad-number-phone");
            visit.assertFitsAndIsAccessible();

            JsonHttp http = ApiClient.demoUser(site.address()).http();
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

    /** The API dies under an open page: the page says so, offers to try again, and a live call's view mends itself. */
    @Test
    void anOutageIsToldAndMendsItself() throws Exception {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.button("Later").click();
            page.getByLabel("Number to ring").fill("+14155550154");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"))
                    .click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            String call = page.url();

            site.stack().killAndHold("api");
            try {
                assertThat(page.locator(".connection")).containsText("trying again");
                visit.shoot("connection-lost-phone");
                page.evaluate("location.hash = '#/history'");
                assertThat(page.getByText("The service cannot be reached.")).isVisible();
                visit.shoot("offline-phone");
                visit.assertFitsAndIsAccessible();
                page.evaluate("address => { location.hash = new URL(address).hash }", call);
            } finally {
                site.stack().bringBack("api");
            }
            visit.button("Try again").click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            visit.button("Cancel the call").click();
            assertThat(page.locator(".badge").first()).hasText("Cancelled");
        }
    }

    private static LocatorAssertions.HasTextOptions patient() {
        return new LocatorAssertions.HasTextOptions().setTimeout(CALL_MILLIS);
    }
}
