package ai.callmeback.voice.ears;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.voice.call.FakeVendors;
import ai.callmeback.voice.call.VirtualTime;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarsTest {
    private static final int SOUND_KINDS = 30;

    private final VirtualTime time = new VirtualTime();
    private final FakeVendors.Ears vendor = new FakeVendors.Ears();
    private final List<Boolean> replaced = new ArrayList<>();
    private final List<VendorFault> deaf = new ArrayList<>();
    private final Ears ears =
            new Ears(time.loop(), vendor, List.of(SttOptions.flux(), SttOptions.nova()), new Ears.Listener() {
                @Override
                public void onConnecting(SttOptions options, int attempt) {}

                @Override
                public void onSpeech(SttEvent event) {}

                @Override
                public void onReplaced(VendorFault fault, boolean heardAgain) {
                    replaced.add(heardAgain);
                }

                @Override
                public void onWentBack() {
                    wentBack++;
                }

                @Override
                public void onDeaf(VendorFault fault) {
                    deaf.add(fault);
                }
            });
    private int sounds;
    private int wentBack;

    /** Guard: the rewind to the last final; without it the first half of the turn is missing. */
    @Test
    void aNewConnectionHearsTheOpenTurnAgainFromItsBeginning() {
        opened();
        speak(1000);
        vendor.starts("one two");
        vendor.heard.reset();
        vendor.breaks();
        time.settle();
        speak(1000);
        silence(8000);
        assertThat(replaced).containsExactly(true);
        assertThat(soundsHeard()).containsExactlyElementsOf(expected(0, 100));
    }

    @Test
    void whatWasFinalIsNotHeardAgain() {
        opened();
        speak(1000);
        vendor.hear(new SttEvent.StartOfTurn(0, "one", 500));
        vendor.hear(new SttEvent.EndOfTurn(0, "one", 0.9, 1000));
        vendor.heard.reset();
        vendor.breaks();
        time.settle();
        speak(400);
        silence(4000);
        assertThat(soundsHeard()).containsExactlyElementsOf(expected(50, 70));
    }

    /** Guard: the allowance; the vendor slows down whoever sends faster than a quarter over real time. */
    @Test
    void theReplayIsNoFasterThanTheVendorAllows() {
        opened();
        speak(300);
        vendor.starts("one");
        speak(1400);
        vendor.hear(new SttEvent.Update(0, "one two", 1700));
        speak(1300);
        vendor.heard.reset();
        vendor.breaks();
        time.settle();
        speak(2000);
        assertThat(vendor.heard.size()).isBetween(2000 * 8, 2500 * 8);
        silence(8000);
        assertThat(soundsHeard()).hasSize(250);
    }

    @Test
    void quietIsPassedOverWhileCatchingUp() {
        opened();
        speak(500);
        vendor.starts("one");
        silence(4000);
        speak(500);
        vendor.heard.reset();
        vendor.breaks();
        time.settle();
        silence(1500);
        assertThat(soundsHeard()).hasSize(50);
        assertThat(ears.droppedMillis()).isZero();
    }

    @Test
    void ofATurnTooLongToHearAgainTheWordsAreKept() {
        opened();
        vendor.starts("once");
        for (int second = 1; second <= 12; second++) {
            speak(1000);
            vendor.hear(new SttEvent.Update(0, "once upon", second * 1000L));
        }
        vendor.hear(new SttEvent.Update(0, "once upon a time", 11_900));
        vendor.heard.reset();
        vendor.breaks();
        time.settle();
        speak(1000);
        silence(2000);
        assertThat(replaced).containsExactly(false);
        assertThat(soundsHeard()).containsExactlyElementsOf(expected(595, 650));
    }

    @Test
    void oneThatCannotBeOpenedIsReplacedByTheOtherEngineWithinTwoSeconds() {
        vendor.opens = false;
        ears.open();
        time.settle();
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.FLUX);
        vendor.opens = true;
        speak(2100);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.NOVA);
        silence(9000);
        assertThat(soundsHeard()).hasSize(105);
        assertThat(deaf).isEmpty();
    }

    @Test
    void theFourthFailureWithinAMinuteIsFinalAndOneAMinuteLaterIsNot() {
        opened();
        for (int i = 0; i < 3; i++) {
            vendor.breaks();
            silence(400);
        }
        silence(61_000);
        vendor.breaks();
        silence(400);
        assertThat(deaf).isEmpty();
        for (int i = 0; i < 3; i++) {
            vendor.breaks();
            silence(400);
        }
        assertThat(deaf).hasSize(1);
    }

    /** Guard: {@link EventPace}. Without it one call's engine fills the journal of all. */
    @Test
    void oneThatFloodsIsReplacedByTheOtherEngineAndABusyOneIsNot() {
        opened();
        vendor.starts("one");
        for (int i = 0; i < 5 * EventPace.MOST_A_SECOND; i++) {
            vendor.hear(new SttEvent.Update(0, "one", 0));
            time.pass(6);
        }
        assertThat(replaced).isEmpty();
        for (int i = 0; i <= EventPace.MOST_A_SECOND; i++) {
            vendor.hear(new SttEvent.Update(0, "one", 0));
        }
        time.settle();
        assertThat(replaced).hasSize(1);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.NOVA);
    }

    /** Guard: {@link Unheard}. Without it a mute engine is noticed by nobody, and the user talks to a dead line. */
    @Test
    void oneThatSaysNothingOfWhatIsSaidIsReplacedByTheOtherWhichHearsItAgain() {
        opened();
        silence(3000);
        speak(Unheard.MUTE_AFTER_MILLIS);
        assertThat(replaced).containsExactly(true);
        vendor.heard.reset();
        time.settle();
        speak(500);
        vendor.starts("one two");
        silence(8000);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.NOVA);
        assertThat(soundsHeard()).containsExactlyElementsOf(expected(0, 100));
        speak(3000);
        assertThat(replaced).as("not twice in a minute").hasSize(1);
        assertThat(wentBack).as("the first engine was mute").isZero();
    }

    /** Guard: the growing patience of {@link Unheard}. Without it noise changes the engine once a minute, for ever. */
    @Test
    void noiseOfWhichNeitherEngineHasAWordIsGoneBackFromAndDoubtedMoreAndMoreSeldom() {
        opened();
        silence(3000);
        List<Integer> minutes = new ArrayList<>();
        for (int second = 0; second < 20 * 60; second++) {
            int before = replaced.size();
            speak(700);
            silence(300);
            if (replaced.size() > before) {
                minutes.add(second / 60);
            }
        }
        assertThat(minutes).containsExactly(0, 1, 3, 7, 15);
        assertThat(wentBack).isEqualTo(minutes.size());
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.FLUX);
        assertThat(deaf).isEmpty();
        assertThat(vendor.opened).isEqualTo(1 + 2 * minutes.size());
    }

    @Test
    void aShortSoundWithoutAWordIsHeardByTheOtherEngineWhenSomebodyWaitsForIt() {
        opened();
        silence(3000);
        speak(400);
        silence(1000);
        assertThat(replaced).isEmpty();
        ears.doubt();
        ears.doubt();
        time.settle();
        assertThat(replaced).containsExactly(true);
        assertThat(ears.areInDoubt()).as("it has not said anything").isTrue();
        vendor.heard.reset();
        silence(500);
        assertThat(ears.areInDoubt()).as("it lives").isFalse();
        assertThat(soundsHeard()).containsExactlyElementsOf(expected(0, 20));
        vendor.hear(new SttEvent.StartOfTurn(0, "yes", 400));
        vendor.hear(new SttEvent.EndOfTurn(0, "yes", 0.9, 600));
        silence(10_000);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.NOVA);
        assertThat(wentBack).isZero();
    }

    /** What is said long after the sound is no proof that the sound was speech: back when that turn is over. */
    @Test
    void wordsThatCameLaterSaveTheFirstEngineFromTheVerdict() {
        opened();
        silence(3000);
        speak(400);
        silence(1000);
        ears.doubt();
        time.settle();
        silence(1000);
        speak(1000);
        vendor.hear(new SttEvent.StartOfTurn(0, "hello", vendor.audioBytes / 8));
        assertThat(wentBack).isZero();
        vendor.hear(new SttEvent.EndOfTurn(0, "hello", 0.9, vendor.audioBytes / 8));
        silence(500);
        assertThat(wentBack).isEqualTo(1);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.FLUX);
    }

    @Test
    void anOtherEngineThatIsMuteAsWellIsKnownByItsSayingNothingWhatever() {
        opened();
        silence(3000);
        vendor.mute = true;
        speak(400);
        silence(1000);
        ears.doubt();
        time.settle();
        assertThat(ears.areInDoubt()).isTrue();
        silence(4000);
        assertThat(replaced).hasSize(2);
        assertThat(vendor.engine).isEqualTo(SttOptions.Engine.FLUX);
        assertThat(soundsHeard().size()).as("each hears it").isEqualTo(60);
        assertThat(deaf).isEmpty();
    }

    @Test
    void noiseNowAndThenOfWhichThereIsNothingToSayIsNoFault() {
        opened();
        for (int i = 0; i < 10; i++) {
            speak(600);
            silence(3000);
        }
        assertThat(replaced).isEmpty();
    }

    private void opened() {
        ears.open();
        time.settle();
    }

    /** Loud frames, each of one sound of its own. */
    private void speak(long millis) {
        for (long i = 0; i < millis; i += 20) {
            feed((byte) (1 + sounds++ % SOUND_KINDS));
        }
    }

    private void silence(long millis) {
        for (long i = 0; i < millis; i += 20) {
            feed((byte) 0xFF);
        }
    }

    private void feed(byte sound) {
        byte[] frame = new byte[160];
        Arrays.fill(frame, sound);
        time.pass(20);
        ears.audio(UnpooledByteBufAllocator.DEFAULT, frame, frame.length);
    }

    private List<Integer> soundsHeard() {
        byte[] heard = vendor.heard.toByteArray();
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < heard.length; i += 160) {
            if (heard[i] != (byte) 0xFF) {
                all.add((int) heard[i]);
            }
        }
        return all;
    }

    private static List<Integer> expected(int from, int to) {
        List<Integer> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add(1 + i % SOUND_KINDS);
        }
        return all;
    }
}
