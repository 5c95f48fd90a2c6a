package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A persona whose voice, or speech model, the vendor does not have. */
class RefusedVoiceTest {
    private static final String ITS_OWN = "pNInz6obpgDQGcFmaJgB";
    private static final String GREETING = "Hello, this is Brad. How are you today?";

    private final FakeVendors vendors = new FakeVendors();

    /** Guard: a refusal is asked about in {@code VoiceLine}, before it is taken for a failure. */
    @Test
    void theProductsVoiceSpeaksAtOnceAndTheJournalSaysWhy() {
        vendors.voice.refused.add(ITS_OWN);
        TestCall call = TestCall.with(vendors);
        call.run(40);
        assertThat(call.phone.playedBytes()).as("heard at once").isPositive();
        call.run(4000).userSays("Tell me").run(3000);
        assertThat(call.agentSaid()).startsWith(GREETING).endsWith("You said Tell me.");
        assertThat(spoken()).isEqualTo("usual eleven_flash_v2_5");
        assertThat(Objects.requireNonNull(vendors.voice.options).stability())
                .as("still the persona's way")
                .isEqualTo(0.4);
        assertThat(vendors.voice.openedFallback).as("nothing is broken").isZero();
        assertThat(call.journal)
                .anyMatch(line -> String.valueOf(line.detail()).contains("\"fault\":\"refused\"")
                        && line.detail().contains("voice_not_found"));
        assertThat(vendors.voices.voiceRefusals()).isEqualTo(1);
    }

    /** Guard: {@code Voices}. Without it each call of the worker would be refused anew. */
    @Test
    void otherCallsOfTheWorkerDoNotAskForItAgainUntilTenMinutesLater() {
        vendors.voice.refused.add(ITS_OWN);
        TestCall.with(vendors).run(4000);
        assertThat(vendors.voice.opened).isEqualTo(2);
        TestCall second = TestCall.with(vendors).run(4000);
        assertThat(vendors.voice.opened).isEqualTo(3);
        assertThat(second.agentSaid()).first().isEqualTo(GREETING);

        vendors.voice.refused.clear();
        vendors.voicesNanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        TestCall.with(vendors).run(4000);
        assertThat(spoken()).isEqualTo(ITS_OWN + " eleven_flash_v2_5");
    }

    /** The phrases made for a voice are never heard in another's. */
    @Test
    void whatIsMadeInTheProductsVoiceIsKeptAsSpokenByIt() {
        vendors.voice.refused.add(ITS_OWN);
        TestCall refused = TestCall.with(vendors).run(14_500);
        int made = refused.phrases.size();
        assertThat(made).isPositive();
        vendors.voice.refused.clear();
        vendors.voicesNanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        TestCall.with(vendors, refused.phrases).run(14_500);
        assertThat(refused.phrases.size()).isEqualTo(2 * made);
    }

    /** The product's own voice is all there is: then a voice is lost, as ever. */
    @Test
    void whoeverIsRefusedTheProductsOwnIsToldByTheTelephony() {
        vendors.voice.refused.add("usual");
        vendors.voice.refused.add(ITS_OWN);
        TestCall call = TestCall.with(vendors);
        call.run(3000);
        assertThat(call.ended).containsExactly("CA1 Sorry, there is trouble with the line. Goodbye.");
    }

    private String spoken() {
        var options = Objects.requireNonNull(vendors.voice.options);
        return options.voiceId() + " " + options.modelId();
    }
}
