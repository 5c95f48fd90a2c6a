package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One call of a whole-system test, with what is waited for and asserted of it. Every wait is bounded. */
final class WatchedCall extends ObservedCall {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CONVERSATION = Duration.ofSeconds(60);

    private final Stack stack;

    private WatchedCall(Stack stack, ObservedCall call) {
        super(call);
        this.stack = stack;
    }

    /** Gives the phone its script and asks for a call now. */
    static WatchedCall place(Stack stack, String number, List<Map<String, Object>> script) throws Exception {
        return new WatchedCall(stack, ObservedCall.place(stack, Request.now(number, script)));
    }

    /** The same from another persona. */
    static WatchedCall placeFrom(String personaId, Stack stack, String number, List<Map<String, Object>> script)
            throws Exception {
        return new WatchedCall(
                stack, ObservedCall.place(stack, new Request(number, "answer", script, 3, null, personaId)));
    }

    /** The same for a time to come. */
    static WatchedCall book(Stack stack, String number, List<Map<String, Object>> script, Instant due)
            throws Exception {
        return new WatchedCall(stack, ObservedCall.place(stack, new Request(number, "answer", script, 3, due)));
    }

    /** A call now to a phone whose mailbox picks up. */
    static WatchedCall placeToMailbox(Stack stack, String number) throws Exception {
        return new WatchedCall(stack, ObservedCall.place(stack, new Request(number, "machine", List.of(), 3, null)));
    }

    /** Waits until the phone, in its newest call, is hearing an utterance that holds the phrase. */
    JsonNode awaitHearing(String phrase) {
        return await("the phone hears " + phrase)
                .atMost(CONVERSATION)
                .pollInterval(POLL)
                .until(
                        this::newestPhoneCall,
                        call -> call.map(newest -> newest.path("hearing").asString())
                                .orElse("")
                                .contains(phrase))
                .orElseThrow();
    }

    /** The process that owns the newest call's media, which must be a voice worker. */
    String ownerOfMedia() throws IOException, InterruptedException {
        Optional<String> owner = mediaOwner();
        assertThat(owner).as("voice worker that has the media of %s", this).isPresent();
        return owner.orElseThrow();
    }

    /** The first request to the model after an instant that goes on with the story. */
    JsonNode firstModelRequestAfter(Instant instant) throws IOException, InterruptedException {
        return simulators(stack)
                .http()
                .get("/control/journal?vendor=llm&kind=request")
                .path("entries")
                .valueStream()
                .filter(entry -> at(entry).isAfter(instant))
                .filter(entry -> entry.path("detail")
                        .path("messages")
                        .valueStream()
                        .anyMatch(message -> message.path("role").asString().equals("assistant")
                                && message.path("content").asString().contains("lighthouse")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the model was not asked after " + instant));
    }

    /** Waits for the end of the call, and checks what every settled call has in common. */
    JsonNode awaitSettled() {
        JsonNode call = await(this + " is settled")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(
                        this::view,
                        view -> view.path("terminal").asBoolean()
                                && view.path("settlement").path("settledAt").isString());
        JsonNode credit = call.path("settlement").path("creditSeconds");
        assertThat(credit.path("captured").asInt())
                .isLessThanOrEqualTo(credit.path("held").asInt());
        assertThat(credit.path("captured").asInt() + credit.path("released").asInt())
                .isEqualTo(credit.path("held").asInt());
        return call;
    }

    void assertLedgerIsSound() throws IOException, InterruptedException {
        JsonNode audit = audit();
        assertThat(audit.path("ok").asBoolean()).as("ledger audit %s", audit).isTrue();
    }

    /** The phone rang so often, and as many calls were created. */
    void assertRang(int times) throws IOException, InterruptedException {
        assertThat(phone("phone.ringing")).as("rings of %s", number()).hasSize(times);
        assertThat(twilio("call.created")).as("calls created to %s", number()).hasSize(times);
    }
}
