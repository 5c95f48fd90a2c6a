package ai.callmeback.dev.system;

import static ai.callmeback.dev.chaos.ObservedCall.at;
import static ai.callmeback.dev.chaos.ObservedCall.heard;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/**
 * Processes killed in the middle of calls: the callers hardly notice, and the books are right. The longest of these, tagged
 * {@code chaos}, are left out of the usual run; {@code -Dtests.left.out=none} runs them too.
 */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ChaosTest {
    private static final Duration FLUSH = Duration.ofMillis(100);
    private static final long LOST_MEDIA_TOLERATED = 5_000;

    /** The renewal of a lease is up to a second older than the death, and what is sent is heard a little later. */
    private static final long CLOCK_SLACK = 1_500;

    private static final String FAR_INTO_THE_STORY = "keeper of Marrow Point. ";

    private static Stack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = SharedStack.stack();
        ObservedCall.simulators(stack).http().put("/control/twilio", Map.of("callsPerSecond", 100));
    }

    @AfterEach
    void mend() throws Exception {
        ObservedCall.simulators(stack).clearFaults();
        abruptClose("CONTINUE");
    }

    /** One is to die and one to take over; after an earlier death the supervisor may still be starting one. */
    private static void awaitBothVoiceWorkers() throws Exception {
        for (String worker : List.of("voice-worker-1", "voice-worker-2")) {
            assertThat(stack.process(worker).awaitReady(Duration.ofSeconds(120)))
                    .isTrue();
        }
    }

    /** Guard of hand-over (I4, I5, I8): journal as heard, media lease, one settlement. */
    @Test
    void anotherVoiceWorkerGoesOnAfterAKillInMidSentence() throws Exception {
        awaitBothVoiceWorkers();
        WatchedCall call = WatchedCall.place(stack, "+14155550111", story("where was I"));
        call.awaitHearing(FAR_INTO_THE_STORY);
        String first = call.ownerOfMedia();

        Instant killed = Instant.now();
        stack.kill(first);

        call.awaitHearing("where was I");
        JsonNode settled = call.awaitSettled();
        assertThat(call.ownerOfMedia()).isNotEqualTo(first);
        call.assertRang(1);
        JsonNode phone = call.phoneCalls().getFirst();
        assertThat(heard(phone)).contains("your code word is marigold");
        assertThat(settled.path("status").asString()).isEqualTo("completed");
        assertThat(call.twilio("stream.ended")
                        .getFirst()
                        .path("detail")
                        .path("how")
                        .asString())
                .isEqualTo("broken");
        System.out.println("  gap until the persona was heard again: " + gapMillis(call, killed) + " ms; "
                + settled.path("settlement"));
        assertRequestHoldsWhatWasHeard(call, killed);
        long gap = gapMillis(call, killed);
        if (Math.abs(gap - LOST_MEDIA_TOLERATED) > CLOCK_SLACK) {
            assertThat(settled.path("settlement").path("chargeReason").asString())
                    .as("charged by the gap of %d ms", gap)
                    .isEqualTo(gap > LOST_MEDIA_TOLERATED ? "lost_media" : "by_the_second");
        }
        call.assertLedgerIsSound();
    }

    /** The telephony ends the call with its socket: rung again once, at no charge for the first, nothing forgotten. */
    @Test
    @Tag("chaos")
    void aCallThatWasCutOffIsRungAgainOnceWithTheConversationKept() throws Exception {
        awaitBothVoiceWorkers();
        abruptClose("HANG_UP");
        WatchedCall call = WatchedCall.place(stack, "+14155550112", story("cut off"));
        call.awaitHearing(FAR_INTO_THE_STORY);

        stack.kill(call.ownerOfMedia());

        call.awaitHearing("cut off");
        abruptClose("CONTINUE");
        JsonNode settled = call.awaitSettled();
        System.out.println("  hang up: " + settled.path("settlement"));
        call.assertRang(2);
        assertThat(heard(call.phoneCalls().getLast())).contains("your code word is marigold");
        assertThat(settled.path("status").asString()).isEqualTo("completed");
        assertThat(settled.path("settlement").path("chargedSeconds").asInt())
                .as("only the second call may be charged")
                .isLessThanOrEqualTo(seconds(call.phoneCalls().getLast()) + 2);
        call.assertLedgerIsSound();
    }

    /** The telephony leaves the line silent: the workflow notices the dead lease and redirects. */
    @Test
    @Tag("chaos")
    void aLineLeftSilentIsRedirected() throws Exception {
        awaitBothVoiceWorkers();
        abruptClose("SILENCE");
        WatchedCall call = WatchedCall.place(stack, "+14155550113", story("where was I"));
        call.awaitHearing(FAR_INTO_THE_STORY);

        Instant killed = Instant.now();
        stack.kill(call.ownerOfMedia());

        call.awaitHearing("where was I");
        abruptClose("CONTINUE");
        JsonNode settled = call.awaitSettled();
        System.out.println("  silence: gap " + gapMillis(call, killed) + " ms; " + settled.path("settlement"));
        call.assertRang(1);
        assertThat(call.twilio("call.redirected")).isNotEmpty();
        assertThat(heard(call.phoneCalls().getLast())).contains("your code word is marigold");
        call.assertLedgerIsSound();
    }

    /** One call, three deaths. A call asked for while Temporal is down is accepted, and made when it is back. */
    @Test
    void aCallDoesNotNoticeTheDeathOfCallWorkerApiAndTemporal() throws Exception {
        WatchedCall call = WatchedCall.place(stack, "+14155550114", longStory());
        call.awaitHearing(FAR_INTO_THE_STORY);

        stack.kill("call-worker");
        stack.killAndHold("temporal");
        WatchedCall booked = WatchedCall.place(stack, "+14155550116", goodbye());
        stack.kill("api");
        stack.bringBack("temporal");

        assertUnnoticed(call, call.awaitSettled());
        booked.awaitSettled();
        booked.assertRang(1);
        booked.assertLedgerIsSound();
    }

    /** All that Temporal knew is gone: calls booked before it ring once, and one under way goes on and settles. */
    @Test
    @Tag("chaos")
    void aWipedTemporalStoreLosesNoBookedCall() throws Exception {
        WatchedCall talking = WatchedCall.place(stack, "+14155550120", longStory());
        talking.awaitHearing(FAR_INTO_THE_STORY);
        Instant due = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(20);
        WatchedCall booked = WatchedCall.book(stack, "+14155550121", goodbye(), due);

        stack.wipeTemporal();

        assertUnnoticed(talking, talking.awaitSettled());
        assertThat(booked.awaitSettled().path("status").asString()).isEqualTo("completed");
        booked.assertRang(1);
        assertThat(at(booked.phone("phone.ringing").getFirst())).isAfterOrEqualTo(due);
        booked.assertLedgerIsSound();
    }

    private static void assertUnnoticed(WatchedCall call, JsonNode settled) throws Exception {
        System.out.println("  " + settled.path("settlement") + " "
                + call.phoneCalls().getLast().path("counts"));
        call.assertRang(1);
        assertThat(call.twilio("stream.started")).as("media sockets").hasSize(1);
        assertThat(settled.path("status").asString()).isEqualTo("completed");
        assertThat(settled.path("settlement").path("chargeDecision").asString()).isEqualTo("charged");
        assertThat(call.phoneCalls().getLast().path("counts").path("lostFrames").asInt())
                .isZero();
        call.assertLedgerIsSound();
    }

    private static int seconds(JsonNode phoneCall) {
        return phoneCall.path("talkMillis").asInt() / 1000;
    }

    private static List<Map<String, Object>> longStory() {
        return List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "Hi there. Tell me a story."),
                Map.of("do", "listen", "timeoutMillis", 15_000),
                Map.of("do", "say", "text", "Thank you and goodbye."),
                Map.of("do", "listen", "timeoutMillis", 5_000),
                Map.of("do", "hangUp"));
    }

    private static List<Map<String, Object>> goodbye() {
        return List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "I am on the train now and cannot speak, so goodbye."),
                Map.of("do", "listen", "timeoutMillis", 5_000),
                Map.of("do", "hangUp"));
    }

    /**
     * The words whose end was confirmed by the last mark, less one flush, are in the request; nothing is that the
     * phone did not hear.
     */
    private static void assertRequestHoldsWhatWasHeard(WatchedCall call, Instant killed) throws Exception {
        Instant known = at(call.twilio("mark.echoed").stream()
                        .filter(mark -> at(mark).isBefore(killed))
                        .toList()
                        .getLast())
                .minus(FLUSH);
        String remembered = lastAssistantText(call.firstModelRequestAfter(killed));
        List<JsonNode> words = call.phone("heard.word").stream()
                .filter(word -> at(word).isBefore(killed.plusSeconds(1)))
                .toList();
        String really = join(words);
        String surely =
                join(words.stream().filter(word -> at(word).isBefore(known)).toList());
        System.out.println(
                "  heard: …" + tail(really) + "\n  surely: …" + tail(surely) + "\n  remembered: …" + tail(remembered));
        assertThat(really).as("all that was heard").contains(remembered);
        assertThat(surely.length())
                .as("known to be heard: %s; remembered: %s", surely, remembered)
                .isLessThanOrEqualTo(really.indexOf(remembered) + remembered.length());
    }

    private static String lastAssistantText(JsonNode request) {
        List<JsonNode> messages = request.path("detail")
                .path("messages")
                .valueStream()
                .filter(message -> message.path("role").asString().equals("assistant"))
                .toList();
        String interrupted = messages.stream()
                .map(message -> message.path("content").asString())
                .filter(text -> text.contains("lighthouse"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the story is not in the request: " + messages));
        return words(interrupted.replace(" —", ""));
    }

    private static String join(List<JsonNode> heardWords) {
        return words(String.join(
                " ",
                heardWords.stream()
                        .map(word -> word.path("detail").path("word").asString())
                        .toList()));
    }

    private static String words(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 60));
    }

    private static long gapMillis(WatchedCall call, Instant killed) throws Exception {
        Instant again = at(call.phone("heard.started").stream()
                .filter(entry -> at(entry).isAfter(killed))
                .findFirst()
                .orElseThrow());
        return Duration.between(killed, again).toMillis();
    }

    /** The caller tells a code word, has a story told, and asks for the word once the persona is back. */
    private static List<Map<String, Object>> story(String backAgain) {
        return List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "Hi there. The code word for today is marigold."),
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "Tell me a story."),
                Map.of("do", "waitFor", "heard", backAgain, "timeoutMillis", 60_000),
                Map.of("do", "interrupt", "afterWords", 6, "text", "What was the code word that I told you?"),
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "Thank you and goodbye."),
                Map.of("do", "listen", "timeoutMillis", 5_000),
                Map.of("do", "hangUp"));
    }

    private static void abruptClose(String policy) throws Exception {
        ObservedCall.simulators(stack).http().put("/control/twilio", Map.of("abruptClose", policy));
    }
}
