package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

/** A mailbox picks up, or the persona's voice is gone, or its ears: nobody hears silence, and nobody pays for a talk that was none. */
@ExtendWith(SharedStack.class)
@Isolated
@Tag("chaos")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class NobodySpeaksSystemTest {
    private static final long DEAD_AIR_MILLIS = 3_000;

    private static Stack stack;

    @BeforeAll
    static void start() {
        stack = SharedStack.stack();
    }

    @AfterEach
    void mend() throws Exception {
        ObservedCall.simulators(stack).clearFaults();
    }

    @Test
    void aMailboxIsHungUpOnAndNotCharged() throws Exception {
        WatchedCall call = WatchedCall.placeToMailbox(stack, "+14155550131");

        JsonNode settlement = await("settled as a machine")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> call.view().path("settlement"),
                        settled -> settled.path("settledAt").isString());

        assertThat(settlement.path("chargeReason").asString()).isEqualTo("machine");
        assertThat(settlement.path("creditSeconds").path("captured").asInt(-1)).isZero();
        assertThat(call.phone("phone.hung-up"))
                .as("we ended it, not the mailbox")
                .isEmpty();
        assertThat(call.phoneCalls().getFirst().path("talkMillis").asInt()).isLessThan(20_000);
        call.assertLedgerIsSound();
    }

    /** The voice vendor takes connections and says nothing any more, by socket and by HTTP. */
    @Test
    void aVoiceThatIsGoneIsCoveredAndTheCallEndsWithAWordAtNoCharge() throws Exception {
        WatchedCall call = WatchedCall.place(
                stack,
                "+14155550132",
                List.of(
                        Map.of("do", "listen"),
                        Map.of("do", "say", "text", "Hi there. The code word for today is marigold."),
                        Map.of("do", "listen"),
                        // So long a worker that has never spoken with this voice takes for its fixed phrases.
                        Map.of("do", "wait", "millis", 20_000),
                        Map.of("do", "say", "text", "Tell me a story."),
                        Map.of("do", "wait", "millis", 60_000)));
        await("the caller asks for a story")
                .atMost(Duration.ofSeconds(90))
                .until(() -> call.phone("say.started").size() == 2);
        for (String operation : List.of("multi-stream-input", "stream-input", "http")) {
            ObservedCall.simulators(stack)
                    .fault(Map.of("vendor", "elevenlabs", "operation", operation, "kind", "SILENT", "count", -1));
        }

        JsonNode settled = call.awaitSettled();

        assertThat(ObservedCall.heard(call.phoneCalls().getLast())).contains("trouble with the line");
        assertThat(settled.path("settlement").path("chargeReason").asString()).isEqualTo("vendor_fault");
        assertThat(settled.path("settlement")
                        .path("creditSeconds")
                        .path("captured")
                        .asInt(-1))
                .isZero();
        assertThat(longestSilenceAfter(call, "Tell me a story.")).as("dead air").isLessThanOrEqualTo(DEAD_AIR_MILLIS);
        call.assertLedgerIsSound();
    }

    /** Nobody has ever heard this persona when the vendor goes: nothing of its voice is in anybody's memory. */
    @Test
    void aVoiceThatNeverSpokeLeavesTheLastWordToTheTelephonyAtNoCharge() throws Exception {
        for (String operation : List.of("multi-stream-input", "stream-input", "http")) {
            ObservedCall.simulators(stack)
                    .fault(Map.of("vendor", "elevenlabs", "operation", operation, "kind", "SILENT", "count", -1));
        }
        WatchedCall call = WatchedCall.placeFrom(
                "alex_001", stack, "+14155550135", List.of(Map.of("do", "wait", "millis", 60_000)));

        JsonNode settled = call.awaitSettled();

        JsonNode phone = call.phoneCalls().getLast();
        assertThat(ObservedCall.heard(phone)).containsIgnoringCase("trouble with the line. Goodbye.");
        JsonNode words = call.phone("heard").getFirst().path("detail");
        assertThat(words.path("startMillis").asLong())
                .as("dead air from picking up to the first sound")
                .isLessThanOrEqualTo(DEAD_AIR_MILLIS);
        assertThat(settled.path("transcript")
                        .valueStream()
                        .map(turn -> turn.path("text").asString()))
                .as("the transcript tells why it ended")
                .anyMatch(text -> text.equals("Sorry, there is trouble with the line. Goodbye."));
        assertThat(settled.path("settlement").path("chargeReason").asString())
                .as("whichever rule comes first")
                .isIn("too_short", "vendor_fault");
        assertThat(settled.path("settlement")
                        .path("creditSeconds")
                        .path("captured")
                        .asInt(-1))
                .isZero();
        call.assertLedgerIsSound();
    }

    /** The engine in use takes audio and says nothing any more: the other one hears it again. */
    @Test
    void earsThatGoMuteInMidCallAreReplacedWithoutASilenceAndTheCallIsCharged() throws Exception {
        WatchedCall call = callThat("+14155550133", "Yes.", "Now tell me a story.");
        await("the caller has been answered")
                .atMost(Duration.ofSeconds(90))
                .until(() -> call.phone("say.started").size() == 1
                        && ObservedCall.heard(call.phoneCalls().getLast()).contains("marigold"));
        muteEars(call, 1);

        JsonNode settled = call.awaitSettled();

        assertThat(engines(call)).as("engines asked").containsExactly("flux", "nova");
        assertThat(ObservedCall.heard(call.phoneCalls().getLast())).contains("lighthouse");
        assertThat(longestDeadAirAfter(call, "Yes.")).as("dead air").isLessThanOrEqualTo(DEAD_AIR_MILLIS);
        assertThat(settled.path("settlement")
                        .path("creditSeconds")
                        .path("captured")
                        .asInt(-1))
                .isPositive();
        call.assertLedgerIsSound();
    }

    /** Neither engine says anything any more: the caller is asked to say it again, then told that it does not work. */
    @Test
    void ofEarsThatAreGoneTheCallerIsToldAndDoesNotPay() throws Exception {
        WatchedCall call = callThat("+14155550134", "Yes.", "Hello? Are you there?", "Hello? Can you hear me?");
        await("the caller has been answered")
                .atMost(Duration.ofSeconds(90))
                .until(() -> call.phone("say.started").size() == 1
                        && ObservedCall.heard(call.phoneCalls().getLast()).contains("marigold"));
        muteEars(call, -1);

        JsonNode settled = call.awaitSettled();

        assertThat(ObservedCall.heard(call.phoneCalls().getLast())).contains("trouble with the line");
        assertThat(settled.path("settlement").path("chargeReason").asString()).isEqualTo("vendor_fault");
        assertThat(settled.path("settlement")
                        .path("creditSeconds")
                        .path("captured")
                        .asInt(-1))
                .isZero();
        assertThat(longestDeadAirAfter(call, "Yes.")).as("dead air").isLessThanOrEqualTo(DEAD_AIR_MILLIS);
        call.assertLedgerIsSound();
    }

    /** The caller names a word, and says each of the rest when the persona has spoken, or has been silent for too long. */
    private static WatchedCall callThat(String number, String... says) throws Exception {
        List<Map<String, Object>> script = new ArrayList<>(List.of(
                Map.of("do", "listen"),
                Map.of("do", "say", "text", "Hi there. The code word for today is marigold."),
                Map.of("do", "listen"),
                Map.of("do", "wait", "millis", 2_000)));
        for (String words : says) {
            script.add(Map.of("do", "say", "text", words));
            script.add(Map.of("do", "listen", "timeoutMillis", 8_000));
        }
        script.add(Map.of("do", "hangUp"));
        return WatchedCall.place(stack, number, script);
    }

    private static void muteEars(WatchedCall call, int connections) throws Exception {
        ObservedCall.simulators(stack)
                .fault(Map.of(
                        "vendor",
                        "deepgram",
                        "operation",
                        "listen",
                        "kind",
                        "SILENT",
                        "target",
                        call.id(),
                        "count",
                        connections));
    }

    /** Which of the vendor's engines were asked to listen to this call, in order. */
    private static List<String> engines(WatchedCall call) throws Exception {
        return ObservedCall.simulators(stack)
                .http()
                .get("/control/journal?vendor=deepgram&kind=session.opened")
                .path("entries")
                .valueStream()
                .map(entry -> entry.path("detail"))
                .filter(opened -> opened.path("tags")
                        .valueStream()
                        .anyMatch(tag -> tag.asString().equals(call.id())))
                .map(opened -> opened.path("engine").asString())
                .toList();
    }

    /** From these words of the caller to the end of the call, as the phone heard it. */
    private static long longestSilenceAfter(WatchedCall call, String words) throws Exception {
        JsonNode asked = call.phone("said").stream()
                .map(entry -> entry.path("detail"))
                .filter(said -> said.path("text").asString().equals(words))
                .findFirst()
                .orElseThrow();
        long end = call.phoneCalls().getLast().path("talkMillis").asLong();
        long quietSince = asked.path("endMillis").asLong();
        long longest = 0;
        for (JsonNode heard : call.phone("heard").stream()
                .map(entry -> entry.path("detail"))
                .filter(utterance -> utterance.path("endMillis").asLong()
                        > asked.path("endMillis").asLong())
                .toList()) {
            longest = Math.max(longest, heard.path("startMillis").asLong() - quietSince);
            quietSince = heard.path("endMillis").asLong();
        }
        return Math.max(longest, end - quietSince);
    }

    /** In which neither side spoke, from these words of the caller to the end of the call. */
    private static long longestDeadAirAfter(WatchedCall call, String words) throws Exception {
        List<JsonNode> sounds = new ArrayList<>();
        call.phone("said").forEach(entry -> sounds.add(entry.path("detail")));
        call.phone("heard").forEach(entry -> sounds.add(entry.path("detail")));
        sounds.sort(Comparator.comparingLong(sound -> sound.path("startMillis").asLong()));
        long quietSince = sounds.stream()
                .filter(said -> said.path("text").asString().equals(words))
                .mapToLong(said -> said.path("endMillis").asLong())
                .findFirst()
                .orElseThrow();
        long longest = 0;
        for (JsonNode sound : sounds) {
            longest = Math.max(longest, sound.path("startMillis").asLong() - quietSince);
            quietSince = Math.max(quietSince, sound.path("endMillis").asLong());
        }
        return Math.max(longest, call.phoneCalls().getLast().path("talkMillis").asLong() - quietSince);
    }
}
