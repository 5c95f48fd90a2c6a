package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The desks of finance and of operators in a real browser. */
@ExtendWith(Site.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(5)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DesksUiTest {
    private static final String PERSONAS = "**/api/operator/personas";
    private static final String CHANGED_BY_ANOTHER = """
            {"code": "persona_changed", "detail": "The settings are no longer those of version 1."}""";

    private static final String SOMEBODY_RANG = """
            {"freeCallsPerDay": 50, "today": [{"outcome": "answered", "free": true, "calls": 1}],
             "calls": [{"callSid": "CA1", "at": "2026-01-02T03:04:05Z", "caller": "•••• 0123", "outcome": "answered", "free": true},
                       {"callSid": "CA2", "at": "2026-01-02T03:05:05Z", "outcome": "refused", "free": false}]}""";

    private final Site site;

    DesksUiTest(Site site) {
        this.site = site;
    }

    @Test
    void financeHoldsTheBooksAgainstTheVendors() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("finance");
            Locator card = section(page, "Reconciliation");
            card.getByText("Reconcile other days").click();
            page.locator("#f-reconcile-from").fill("");
            visit.button("Reconcile these days").click();
            assertThat(page.locator("#f-reconcile-from-error")).not().isEmpty();
            page.locator("#f-reconcile-from").fill("2020-01-01");
            page.locator("#f-reconcile-until").fill("2020-01-02");
            visit.button("Reconcile these days").click();
            Locator run = card.locator("li").filter(new Locator.FilterOptions().setHasText("Jan 2020"));
            assertThat(run.first().locator(".badge")).hasText("done");
            visit.shoot("reconciliation-phone");
            visit.assertFitsAndIsAccessible();
        }
    }

    @Test
    void aDeskOfAnotherRoleSaysSoInWords() throws Exception {
        try (Visit visit = site.newcomer(Visit.Screen.PHONE)) {
            for (String desk : new String[] {"finance", "operate"}) {
                visit.open(desk);
                assertThat(visit.page().getByText("Not for this account")).isVisible();
            }
            visit.assertFitsAndIsAccessible();
        }
    }

    @Test
    void financeLooksAtAnyDays() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("finance");
            page.getByText("Other days", new Page.GetByTextOptions().setExact(true))
                    .click();
            page.locator("#f-figures-from").fill("2020-01-01");
            page.locator("#f-figures-until").fill("2020-03-31");
            page.getByLabel("By", new Page.GetByLabelOptions().setExact(true)).selectOption("month");
            visit.button("Show these days").click();
            // None of the usual ranges is shown any more: the new form is there.
            assertThat(page.locator("[aria-label='Which time'] [aria-pressed=true]"))
                    .hasCount(0);
            assertThat(page.getByText("No money moved in this time.")).isVisible();
            page.locator("#f-figures-until").fill("2019-12-01");
            visit.button("Show these days").click();
            assertThat(page.locator("#f-figures-until-error")).not().isEmpty();
            visit.assertFitsAndIsAccessible();
        }
    }

    /** What is sent is looked at and answered here: the personas are those of other tests' calls. */
    @Test
    void anOperatorSetsHowAPersonaSoundsAndThinks() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            page.route(PERSONAS, route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
            visit.open("operate");
            Locator card = section(page, "Voices and minds");
            assertThat(card.getByRole(AriaRole.ALERT)).isVisible();
            page.unroute(PERSONAS);
            card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Try again"))
                    .click();
            Locator brad = card.locator("[data-persona=brad_001]");
            assertThat(brad.getByText("the product’s").first()).isVisible();
            brad.getByText("Change how Brad sounds and thinks").click();
            visit.shoot("personas-phone");
            visit.assertFitsAndIsAccessible();

            Locator speed = brad.getByLabel("Speed");
            speed.fill("3");
            visit.button("Set for Brad").click();
            assertThat(page.locator("#f-speed-brad_001-error")).containsText("Between 0.7 and 1.2");
            assertThat(speed).isFocused();
            speed.fill("");
            brad.getByLabel("Language model").fill("llama-3.3-70b");
            AtomicReference<String> answer = new AtomicReference<>(CHANGED_BY_ANOTHER);
            page.route(
                    PERSONAS + "/brad_001",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(answer.get().isEmpty() ? 200 : 409)
                            .setContentType("application/problem+json")
                            .setBody(answer.get().isEmpty() ? "{}" : answer.get())));
            Request asked = page.waitForRequest(
                    PERSONAS + "/brad_001", () -> visit.button("Set for Brad").click());
            Assertions.assertThat(asked.method()).isEqualTo("PUT");
            Assertions.assertThat(asked.postData())
                    .contains("\"languageModel\":\"llama-3.3-70b\"", "\"maxTokens\":160", "\"version\":1")
                    .doesNotContain("speed", "speechModel");
            assertThat(page.getByText("Somebody else has changed Brad meanwhile"))
                    .isVisible();
            assertThat(brad.locator("summary")).isFocused();
            answer.set("");
            brad.locator("summary").click();
            visit.button("Set for Brad").click();
            assertThat(page.getByText("The next call with Brad has it.")).isVisible();
        }
    }

    private static Locator section(Page page, String heading) {
        return page.locator("section")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(heading))));
    }

    /** What is seen and sent is answered here: who has rung is a matter of other tests. */
    @Test
    void anOperatorSeesWhoRingsAndBlocksThem() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            page.route("**/api/operator/inbound-calls?*", route -> answer(route, SOMEBODY_RANG));
            page.route("**/api/operator/blocked-callers", route -> {
                boolean asks = route.request().method().equals("GET");
                answer(route, asks ? "{\"blockedCallers\": []}" : "{}");
            });
            visit.open("operate");
            Locator card = section(page, "Who rings");
            assertThat(card.getByText("Free calls today: 1 of 50.")).isVisible();
            assertThat(card.locator("tbody tr")).hasCount(2);
            assertThat(card.getByText("number withheld")).isVisible();
            visit.shoot("callers-phone");
            visit.assertFitsAndIsAccessible();

            Request asked = page.waitForRequest(
                    request -> request.method().equals("POST"),
                    () -> visit.button("Block •••• 0123").click());
            Assertions.assertThat(asked.postData()).contains("\"callSid\":\"CA1\"");
            assertThat(page.getByText("Blocked", new Page.GetByTextOptions().setExact(true)))
                    .isVisible();
        }
    }

    private static void answer(Route route, String json) {
        route.fulfill(new Route.FulfillOptions()
                .setStatus(200)
                .setContentType("application/json")
                .setBody(json));
    }

    /** The switch itself is not touched: the calls of other tests go by it. */
    @Test
    void anOperatorSeesHowItStandsAndStopsDialling() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("account");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Operate"))
                    .click();
            assertThat(page.getByText("Calls to tell Temporal of")).isVisible();
            assertThat(page.getByText("takes calls").first()).isVisible();
            visit.button("Prove the ledger").click();
            assertThat(page.getByText("follows from the entries")).isVisible();
            visit.shoot("operate-phone");
            visit.assertFitsAndIsAccessible();

            page.route("**/api/operator/switches/dialing", route -> answer(route, "{}"));
            page.getByText("Stop dialling", new Page.GetByTextOptions().setExact(true))
                    .click();
            page.locator("#f-reason-dialing").fill("A wrong number.");
            Request asked = page.waitForRequest(
                    "**/api/operator/switches/dialing",
                    () -> visit.button("Stop dialling now").click());
            Assertions.assertThat(asked.method()).isEqualTo("PUT");
            Assertions.assertThat(asked.postData())
                    .contains("\"reason\":\"A wrong number.\"")
                    .contains("\"enabled\":false");
            assertThat(page.getByText("Dialling is off")).isVisible();
        }
    }
}
