package ai.callmeback.voice.mouth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.voice.call.FakeVendors;
import ai.callmeback.voice.call.Opening;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LonePhraseTest {
    private final VirtualTime time = new VirtualTime();
    private final FakeVendors.Voice voice = new FakeVendors.Voice();
    private final Voices voices =
            new Voices("eleven_flash_v2_5", "usual", () -> time.loop().nanos());
    private final List<LonePhrase.Made> made = new ArrayList<>();
    private final Opening opening = Opening.of(TestCall.brief(), "eleven_flash_v2_5");

    @Test
    void aGreetingSpokenBeforehandIsPlayedAtOnceAndNotAskedForAgain() {
        make(opening.voice(), opening.text());
        time.pass(50);
        assertThat(made).singleElement().satisfies(one -> {
            assertThat(one.speech()).isNotNull();
            assertThat(one.characters()).isPositive();
        });
        PhraseCache phrases = new PhraseCache();
        phrases.putGreeting(opening.voice(), opening.text(), made());
        TestCall call = new TestCall(300, List.of(), false, false, phrases);
        assertThat(call.run(100).heardByPhone()).isNotEmpty();
        call.run(6000);
        assertThat(call.agentSaid().getFirst()).isEqualTo(opening.text());
        assertThat(call.vendors.voice.said).doesNotContain(opening.text());
    }

    /** Guard: greetings are kept apart. Among the other phrases they would drive those out that every call needs. */
    @Test
    void greetingsOfManyCallsDriveNoFixedPhraseOut() {
        PhraseCache phrases = new PhraseCache();
        TestCall first = new TestCall(300, List.of(), false, false, phrases).run(14_500);
        int made = phrases.size();
        long bytes = phrases.bytes();
        make(opening.voice(), opening.text());
        time.pass(50);
        for (int i = 0; i < 1000; i++) {
            phrases.putGreeting(opening.voice(), "Hello " + i, made());
        }
        assertThat(first.vendors.voice.said).isNotEmpty();
        assertThat(phrases.size()).isEqualTo(made);
        assertThat(phrases.bytes()).isEqualTo(bytes);
        assertThat(phrases.find(new PhraseCache.Key(opening.voice(), "Hello 0")))
                .isNull();
        assertThat(phrases.find(new PhraseCache.Key(opening.voice(), "Hello 999")))
                .isNotNull();
    }

    private LonePhrase.Speech made() {
        LonePhrase.Speech speech = made.getFirst().speech();
        assertThat(speech).isNotNull();
        return speech;
    }

    @Test
    void whatIsNotSpokenInTimeIsStillCounted() {
        voice.mute(true);
        make(opening.voice(), opening.text());
        time.pass(LonePhrase.MOST_MILLIS + 1);
        assertThat(made).singleElement().satisfies(one -> {
            assertThat(one.speech()).isNull();
            assertThat(one.characters()).isPositive();
        });
    }

    @Test
    void aConnectionThatBreaksEndsIt() {
        voice.mute(true);
        make(opening.voice(), opening.text());
        voice.breaks();
        voice.breaks();
        time.pass(LonePhrase.MOST_MILLIS + 1);
        assertThat(made).singleElement().extracting(LonePhrase.Made::speech).isNull();
    }

    /** Guard: {@link Voices}. Without it a greeting in a voice the vendor does not have is not made at all. */
    @Test
    void aVoiceAndAModelThatAreRefusedAreReplacedByTheProductsAndThatIsBilled() {
        voice.refused.add("gone");
        voice.refused.add("no_model");
        TtsOptions persona = new TtsOptions("gone", "no_model", 0.5, 0.8, 0, true, 1.0);
        make(persona, "Hello.");
        time.pass(50);
        assertThat(made).singleElement().satisfies(one -> {
            assertThat(one.speech()).isNotNull();
            assertThat(one.model()).isEqualTo("eleven_flash_v2_5");
            assertThat(one.characters()).isEqualTo("Hello. ".length());
        });
        assertThat(voice.options)
                .isEqualTo(voices.effective(persona))
                .satisfies(used -> assertThat(used.voiceId()).isEqualTo("usual"));
        assertThat(voice.opened).isEqualTo(3);
        make(persona, "Hello again.");
        time.pass(50);
        assertThat(voice.opened).as("not asked again").isEqualTo(4);
    }

    private void make(TtsOptions options, String text) {
        LonePhrase.make(time.loop(), voice, voices, options, text, made::add);
        time.settle();
    }
}
