package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.phone.PhoneSetup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a call, in virtual time. */
class CallLifecycleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualExchange world = new VirtualExchange();

    private void phone(String kind) {
        PhoneSetup.behave(world.phones, VirtualExchange.TO, kind);
    }

    @ParameterizedTest
    @CsvSource({"busy,busy,486", "failed,failed,404", "reject,no-answer,603", "no-answer,no-answer,487"})
    void unansweredCallsEndAsTheCompletedEvent(String behaviour, String status, String sipCode) {
        phone(behaviour);
        world.dial("Timeout", "30");
        world.time.advance(MINUTE);
        assertThat(world.callStatuses()).startsWith("initiated").endsWith(status);
        assertThat(world.requests.get(world.requests.size() - 1).form())
                .containsEntry("SipResponseCode", sipCode)
                .containsEntry("CallDuration", "0");
        assertThat(world.sockets).isEmpty();
    }

    @Test
    void busyPhonesDoNotRing() {
        phone("busy");
        world.dial();
        world.time.advance(MINUTE);
        assertThat(world.entries("phone.ringing")).isEmpty();
        assertThat(world.callStatuses()).containsExactly("initiated", "busy");
    }

    @Test
    void aCallInProgressMakesThePhoneBusy() {
        world.stream();
        world.dial();
        world.time.advance(Duration.ofSeconds(2));
        assertThat(world.callStatuses()).endsWith("busy");
    }

    @Test
    void callsAboveTheRateAreQueued() {
        for (int i = 0; i < 3; i++) {
            world.dial("To", "+1415555012" + i);
        }
        world.time.advance(Duration.ofMillis(1_500));
        assertThat(world.entries("call.dialled")).hasSize(2);
        world.time.advance(Duration.ofMillis(1_000));
        assertThat(world.entries("call.dialled").get(2).detail()).containsEntry("queueMillis", 2_000L);
    }

    @Test
    void aQueuedCallCanBeCanceledAndNeverRings() {
        world.dial("To", "+14155550199");
        Call call = world.dial();
        call.stop(false);
        world.time.advance(MINUTE);
        assertThat(call.status()).isEqualTo(CallStatus.CANCELED);
        assertThat(world.entries("phone.ringing")).hasSize(1);
    }

    @Test
    void onlyTheChosenEventsAreReportedAndNumberedFromZero() {
        phone("no-answer");
        Call call = world.exchange.create(DialRequest.parse(
                DialRequest.form(Map.of(
                        "To",
                        VirtualExchange.TO,
                        "From",
                        VirtualExchange.FROM,
                        "Url",
                        "https://app.test/voice",
                        "StatusCallback",
                        "https://app.test/status")),
                world.exchange.settings()));
        world.time.advance(Duration.ofSeconds(61));
        assertThat(call.status()).isEqualTo(CallStatus.NO_ANSWER);
        assertThat(world.callStatuses()).containsExactly("no-answer");
        assertThat(world.requests.get(0).form()).containsEntry("SequenceNumber", "0");
    }

    @Test
    void machinesAreDetectedAlongsideTheCall() {
        phone("machine");
        world.twiml = request -> "<Response><Pause length=\"20\"/></Response>";
        world.dial("MachineDetection", "Enable", "AsyncAmd", "true", "AsyncAmdStatusCallback", "https://app.test/amd");
        world.time.advance(Duration.ofSeconds(6));
        Webhooks.Request amd = world.requests.stream()
                .filter(request -> request.url().endsWith("/amd"))
                .findFirst()
                .orElseThrow();
        assertThat(amd.form()).containsEntry("AnsweredBy", "machine_start");
        assertThat(world.requests.stream().filter(request -> request.url().endsWith("/voice")))
                .hasSize(1);
        world.time.advance(MINUTE);
        assertThat(world.requests.get(world.requests.size() - 1).form()).containsEntry("AnsweredBy", "machine_start");
    }

    @Test
    void detectionThatIsNotAsyncHoldsTheTwimlBack() {
        world.twiml = request -> "<Response><Pause length=\"20\"/></Response>";
        world.dial("MachineDetection", "Enable");
        world.time.advance(Duration.ofMillis(2_000));
        assertThat(world.requests).noneMatch(request -> request.url().endsWith("/voice"));
        world.time.advance(Duration.ofMillis(1_000));
        assertThat(world.requests.stream()
                        .filter(request -> request.url().endsWith("/voice"))
                        .map(request -> request.form().get("AnsweredBy")))
                .containsExactly("human");
    }

    @Test
    void theTimeLimitCanBeMovedInMidCallAndCountsFromTheAnswer() {
        world.twiml = request -> "<Response><Pause length=\"600\"/></Response>";
        Call call = world.dial("TimeLimit", "60");
        world.time.advance(Duration.ofSeconds(30));
        call.limit(120);
        world.time.advance(Duration.ofSeconds(60));
        assertThat(call.status()).isEqualTo(CallStatus.IN_PROGRESS);
        world.time.advance(Duration.ofSeconds(40));
        assertThat(call.status()).isEqualTo(CallStatus.COMPLETED);
        assertThat(call.record().durationSeconds()).isEqualTo(120);
    }

    @Test
    void theDurationIsWholeSecondsAndThePriceComesLater() {
        world.twiml = request -> "<Response><Pause length=\"61\"/></Response>";
        Call call = world.dial();
        world.time.advance(Duration.ofSeconds(63));
        assertThat(call.status()).isEqualTo(CallStatus.COMPLETED);
        assertThat(CallJson.of(call.record())).containsEntry("duration", "62").containsEntry("price", null);
        world.time.advance(Duration.ofSeconds(3));
        assertThat(CallJson.of(call.record())).containsEntry("price", "-0.02800");
    }

    @Test
    void redirectsAreFollowedRelativeToTheDocument() {
        world.twiml = request -> request.url().endsWith("?leg=2")
                ? "<Response><Hangup/></Response>"
                : "<Response><Redirect>voice?leg=2</Redirect></Response>";
        Call call = world.dial();
        world.time.advance(Duration.ofSeconds(3));
        assertThat(world.requests).anyMatch(request -> request.url().equals("https://app.test/voice?leg=2"));
        assertThat(call.status()).isEqualTo(CallStatus.COMPLETED);
    }

    @Test
    void theFallbackIsFetchedWhenTheDocumentIsNoXml() {
        world.twiml =
                request -> request.url().endsWith("fallback-voice") ? "<Response><Pause/></Response>" : "nonsense";
        world.dial("FallbackUrl", "https://app.test/fallback-voice");
        world.time.advance(Duration.ofSeconds(2));
        assertThat(world.requests.stream()
                        .filter(request -> request.url().endsWith("fallback-voice"))
                        .map(request -> request.form().get("ErrorCode")))
                .containsExactly("12100");
    }

    @Test
    void aSayIsHeardOnThePhone() {
        world.twiml = request -> "<Response><Say>Please hold the line.</Say><Hangup/></Response>";
        world.dial();
        world.time.advance(Duration.ofSeconds(6));
        assertThat(world.entries("heard").get(0).detail()).containsEntry("text", "Please hold the line.");
    }

    @Test
    void callbacksCanBeLost() {
        world.faults.set(Fault.of("twilio", "callback", FaultKind.DROP_CALLBACKS, 2));
        world.stream();
        assertThat(world.callStatuses()).containsExactly("in-progress");
        assertThat(world.entries("callback.dropped")).hasSize(2);
    }

    @Test
    void callbacksCanComeTheWrongWayRound() {
        world.faults.set(Fault.of("twilio", "callback", FaultKind.REORDER_CALLBACKS, -1));
        world.stream();
        world.exchange
                .find(world.exchange.newestFirst().get(0).sid())
                .orElseThrow()
                .stop(true);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.callStatuses()).isEqualTo(List.of("ringing", "initiated", "completed", "in-progress"));
    }

    @Test
    void aRedirectLoopEndsTheCall() {
        world.twiml = request -> "<Response><Redirect>voice</Redirect></Response>";
        Call call = world.dial();
        world.time.advance(MINUTE);
        assertThat(call.status().over()).isTrue();
    }

    @Test
    void theActionOfAConnectIsFetchedWhenItsStreamEnds() {
        world.twiml = request -> request.url().endsWith("voice-after")
                ? "<Response><Hangup/></Response>"
                : "<Response><Connect action=\"/voice-after\"><Stream url=\"wss://m.test/in\"/></Connect></Response>";
        Call call = world.dial();
        world.time.advance(Duration.ofSeconds(2));
        world.sockets.get(0).listener.closed(true, 1000);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.requests).anyMatch(request -> request.url().equals("https://app.test/voice-after"));
        assertThat(call.status()).isEqualTo(CallStatus.COMPLETED);
    }
}
