package ai.callmeback.dev.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Calls in the web UI, in a real browser against real processes: booked, watched, changed, explained. */
@ExtendWith(Site.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(2)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CallsUiTest {
    private static final double CALL_MILLIS = 90_000;
    private static final Pattern MONEY = Pattern.compile("\\$0\\.\\d{6}");
    /** Of a machine that is busy, seconds. */
    private static final Pattern DURATION = Pattern.compile("\\d m?s");

    private final Site site;

    CallsUiTest(Site site) {
        this.site = site;
    }

    @Test
    void aCallIsWatchedLiveAndExplainedAfterwards() throws Exception {
        site.simulators()
                .script(
                        "+14155550101",
                        List.of(
                                Map.of("do", "interrupt", "afterWords", 5, "text", "The code word today is marigold."),
                                Map.of("do", "listen"),
                                Map.of("do", "say", "text", "My morning run keeps slipping. I have a bad knee."),
                                Map.of("do", "listen"),
                                Map.of("do", "say", "text", "That helps. Thank you and goodbye.")));
        try (Visit visit = site.demo(Visit.Screen.DESKTOP)) {
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
            assertThat(page.locator(".turn:not(.own) .meta").nth(1)).containsText(DURATION, patientText());
            assertThat(page.locator("[data-figure='Cost so far']")).hasText(MONEY, patient());
            assertThat(page.locator(".turns-time .time-bar").first()).isVisible(longVisible());
            assertThat(page.locator("[data-figure='Typical answer']")).containsText(DURATION);
            assertThat(page.locator(".turns-time li").first()).not().containsText("spoke first");
            visit.shoot("call-live-desktop");
            visit.assertFitsAndIsAccessible();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator(".cut").first()).isVisible();
            assertThat(page.locator(".turns-time li").first()).containsText("spoke first");
            assertThat(page.locator(".turns-time li").nth(1)).containsText("tokens");
            assertThat(page.getByText("talk is charged by the second")).isVisible();
            assertThat(page.locator("tfoot td")).hasText(MONEY);
            assertThat(page.getByLabel("Cost by service").getByText("Twilio")).isVisible();
            assertThat(page.locator("[data-figure=Cost]")).hasText(MONEY);
            visit.shoot("call-settled-desktop");
            visit.assertFitsAndIsAccessible();
            List<String> spoken = page.locator(".turn").allInnerTexts();

            String call = page.url().substring(page.url().lastIndexOf('/') + 1);
            visit.open("history");
            page.locator("a[href='#/call/" + call + "']").click();
            assertThat(page.locator(".turn")).hasCount(spoken.size());
            assertThat(page.locator(".turns-time li")).not().hasCount(0);
            visit.open("credits");
            assertThat(page.getByText("Call charged").first()).isVisible();
            visit.shoot("credits-desktop");
            visit.assertFitsAndIsAccessible();
            financeGivesBackPartOfTheCharge(visit, call);
        }
    }

    private static void financeGivesBackPartOfTheCharge(Visit visit, String call) {
        Page page = visit.page();
        visit.open("finance");
        visit.button("Look at the charge").click();
        assertThat(page.locator("#f-callId-error")).isVisible();
        page.getByLabel("Call", new Page.GetByLabelOptions().setExact(true)).fill(call);
        visit.button("Look at the charge").click();
        page.getByLabel("The charge").selectOption("reversed");
        page.getByLabel("Seconds to give back").fill("10");
        visit.button("Decide").click();
        assertThat(page.locator("#f-note-error")).isVisible();
        page.getByLabel("Why").fill("A crackling line.");
        visit.button("Decide").click();
        assertThat(page.locator("[data-figure='Given back']")).hasText("0:10");
        assertThat(page.getByText("A crackling line.")).isVisible();
        visit.shoot("finance-charge-desktop");
        visit.assertFitsAndIsAccessible();
    }

    @Test
    void aScheduledCallIsMovedAndCancelled() {
        LocalDateTime first =
                LocalDateTime.now(ZoneId.of("Asia/Tokyo")).plusDays(3).truncatedTo(ChronoUnit.MINUTES);
        try (Visit visit = site.demo(Visit.Screen.DESKTOP)) {
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
    void aRecordedTalkIsExtendedHungUpHeardAgainAndForgotten() throws Exception {
        site.simulators()
                .script(
                        "+14155550152",
                        List.of(
                                // The greeting, which says that the call is recorded, is heard out.
                                Map.of("do", "listen"),
                                Map.of(
                                        "do",
                                        "repeat",
                                        "times",
                                        50,
                                        "steps",
                                        List.of(
                                                Map.of("do", "say", "text", "Go on, tell me about it."),
                                                Map.of("do", "listen")))));
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.button("3 min").click();
            page.getByLabel("Number to ring").fill("+14155550152");
            page.getByLabel("Record this call").check();
            visit.button("Have Brad call me now").click();
            assertThat(visit.button("Hang up")).isVisible(longVisible());
            assertThat(page.locator(".turn.own").first()).isVisible(longVisible());
            assertThat(page.getByText("Both sides of this call are being recorded."))
                    .isVisible();

            visit.button("1 minute more").click();
            assertThat(page.locator("[data-figure=Length]")).hasText("4 min");
            visit.shoot("call-live-phone");
            visit.assertFitsAndIsAccessible();
            visit.button("Hang up").click();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator("#status-line")).containsText("you hung up");
            visit.shoot("call-settled-phone");
            visit.assertFitsAndIsAccessible();
            assertThat(page.locator(".turn").first()).containsText("This call is recorded.");
            page.locator(".recording button", new Page.LocatorOptions().setHasText("Play"))
                    .click();
            page.waitForCondition(
                    () -> ((Number) page.evaluate("document.querySelector('audio').currentTime")).doubleValue() > 0.2);
            org.assertj.core.api.Assertions.assertThat(
                            (Number) page.evaluate("document.querySelector('audio').duration"))
                    .extracting(Number::doubleValue, InstanceOfAssertFactories.DOUBLE)
                    .isGreaterThan(3);
            visit.shoot("call-recording-phone");
            visit.assertFitsAndIsAccessible();
            visit.button("Delete it").click();
            assertThat(page.locator(".recording")).hasCount(0);
        }
    }

    /** A person is the callee: at the simulators' page they answer, talk, interrupt, press a key and hang up. */
    @Test
    void theCalleeIsAPersonAtTheOutboxPage() {
        String number = "+14155550160";
        try (Visit visit = site.demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            Page phone = visit.tab(site.outbox());
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
            Visit.assertFitsAndIsAccessible(phone);
            phone.getByLabel("Key 5").click();
            phone.locator("#hang-up").click();

            assertThat(page.locator(".badge").first()).hasText("Completed", patient());
            assertThat(page.locator("#status-line")).containsText("you hung up");
        }
    }

    /** The answer to a booking is lost on its way: pressing again asks for the same call, and the phone rings once. */
    @Test
    void aBookingWhoseAnswerWasLostIsNotMadeTwice() {
        String about = "Lost answer " + UUID.randomUUID();
        try (Visit visit = site.demo(Visit.Screen.DESKTOP)) {
            Page page = visit.page();
            AtomicInteger posts = new AtomicInteger();
            page.route("**/api/calls", route -> {
                if (route.request().method().equals("POST") && posts.getAndIncrement() == 0) {
                    route.fetch();
                    route.abort();
                } else {
                    route.resume();
                }
            });
            visit.button("Later").click();
            page.getByLabel("What is it about?").fill(about);
            page.getByLabel("Number to ring").fill("+14155550155");
            Locator book = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"));
            book.click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service cannot be reached.");
            book.click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            assertThat(posts).hasValue(2);
            visit.open("history");
            assertThat(page.getByText(about)).hasCount(1);
        }
    }

    /** Guard: the deadline of the stream's beginning. Without it the view waits for ever, and says that all is well. */
    @Test
    void aLiveStreamThatNeverBeginsIsAskedForAgain() {
        try (Visit visit = site.demo(Visit.Screen.PHONE)) {
            Page page = visit.page();
            visit.button("Later").click();
            page.getByLabel("Number to ring").fill("+14155550157");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Book Brad"))
                    .click();
            assertThat(page.locator(".badge").first()).hasText("Scheduled");
            String call = page.url().substring(page.url().indexOf('#') + 2);
            visit.open("history");
            assertThat(page.getByText("Your calls")).isVisible();

            page.route("**/api/calls/*/events", route -> {});
            visit.hurry();
            visit.open(call);
            assertThat(page.locator(".connection")).containsText("trying again");
            page.unroute("**/api/calls/*/events");
            visit.bePatient();
            assertThat(page.locator(".connection")).hasText("");
            visit.button("Cancel the call").click();
            assertThat(page.locator(".badge").first()).hasText("Cancelled");
        }
    }

    private static void say(Page phone, String words) {
        phone.locator("#say").fill(words);
        phone.locator("#say").press("Enter");
    }

    private static String clock(LocalDateTime time) {
        return time.toLocalTime().toString();
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
