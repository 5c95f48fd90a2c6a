package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.simulators.phone.PhoneSetup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Phones ring the account's number, in virtual time. */
class InboundCallTest {
    private static final String STREAM =
            "<Response><Connect><Stream url=\"wss://media.test/twilio\"/></Connect></Response>";

    private final VirtualExchange world = new VirtualExchange();

    private Call ring() {
        return world.exchange.receive(
                DialRequest.inbound(VirtualExchange.TO, VirtualExchange.FROM, world.exchange.settings()));
    }

    @Test
    void theVoiceUrlIsAskedWhileItRingsAndAStreamAnswersTheCall() {
        world.twiml = request -> STREAM;
        Call call = ring();
        assertThat(call.status()).isEqualTo(CallStatus.RINGING);
        world.time.advance(Duration.ofMillis(500));
        assertThat(world.requests.getFirst().form())
                .containsEntry("Direction", "inbound")
                .containsEntry("CallStatus", "ringing")
                .containsEntry("From", VirtualExchange.TO)
                .containsEntry("To", VirtualExchange.FROM);
        assertThat(call.status()).isEqualTo(CallStatus.IN_PROGRESS);
        assertThat(world.sockets).hasSize(1);
        assertThat(world.entries("phone.answered")).hasSize(1);
        world.time.advance(Duration.ofSeconds(30));
        call.hangUp();
        world.time.advance(Duration.ofSeconds(5));
        assertThat(world.requests.getLast().url()).endsWith("/voice/status");
        assertThat(world.requests.getLast().form()).containsEntry("CallStatus", "completed");
        assertThat(call.record().priceUsd()).isEqualByComparingTo("0.0085");
        assertThat(CallJson.of(call.record())).containsEntry("direction", "inbound");
    }

    @Test
    void aPauseKeepsItRingingAndWordsAnswerIt() {
        world.twiml = request -> "<Response><Pause length=\"2\"/><Say>Not now.</Say><Hangup/></Response>";
        Call call = ring();
        world.time.advance(Duration.ofSeconds(2));
        assertThat(call.status()).isEqualTo(CallStatus.RINGING);
        world.time.advance(Duration.ofSeconds(10));
        assertThat(call.status()).isEqualTo(CallStatus.COMPLETED);
        assertThat(world.entries("heard"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.detail().get("text").toString()).contains("Not now."));
    }

    @Test
    void aPhoneOnACallCannotRingAndTheNumberMustBeTheAccounts() {
        world.twiml = request -> STREAM;
        ring();
        assertThatThrownBy(this::ring).isInstanceOf(IllegalStateException.class).hasMessageContaining("on a call");
        assertThatThrownBy(() -> DialRequest.inbound(VirtualExchange.TO, "+15005550001", world.exchange.settings()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPersonWhoRingsIsNotAskedToAnswer() {
        PhoneSetup.behave(world.phones, VirtualExchange.TO, "person");
        world.twiml = request -> STREAM;
        Call call = ring();
        world.time.advance(Duration.ofSeconds(5));
        assertThat(call.status()).isEqualTo(CallStatus.IN_PROGRESS);
        assertThat(world.entries("phone.ringing")).isEmpty();
    }
}
