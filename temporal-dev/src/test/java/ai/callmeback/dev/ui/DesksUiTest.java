package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.concurrent.TimeUnit;
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
    private final Site site;

    DesksUiTest(Site site) {
        this.site = site;
    }

    @Test
    void financeHoldsTheBooksAgainstTheVendors() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.open("finance");
            Locator card = page.locator("section")
                    .filter(new Locator.FilterOptions()
                            .setHas(page.getByRole(
                                    AriaRole.HEADING, new Page.GetByRoleOptions().setName("Reconciliation"))));
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

            page.route(
                    "**/api/operator/switches/dialing",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(200)
                            .setContentType("application/json")
                            .setBody("{}")));
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
