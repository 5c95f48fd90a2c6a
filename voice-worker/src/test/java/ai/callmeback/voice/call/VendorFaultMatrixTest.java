package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.call.FaultyVendors.Ear;
import ai.callmeback.voice.call.FaultyVendors.Fault;
import ai.callmeback.voice.call.FaultyVendors.Model;
import ai.callmeback.voice.call.FaultyVendors.Speech;
import ai.callmeback.voice.mouth.LonePhrase;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.workflows.call.ConverseResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault of each vendor, at each moment of a call, with production's deadlines: the longest time in which a caller who
 * answers whenever a sentence is over hears nothing and says nothing.
 */
class VendorFaultMatrixTest {
    private static final long DEAD_AIR_MILLIS = 3_000;
    private static final long CALLER_WAITS_MILLIS = 1_000;
    private static final long CALLER_SPEAKS_MILLIS = 800;
    /** What the telephony takes to be heard with words of its own. */
    private static final long TELEPHONY_SAYS_AFTER_MILLIS = 400;

    private static final long WARM_MILLIS = 14_000;
    private static final long WATCHED_MILLIS = 45_000;
    private static final List<Long> OFFSETS_MILLIS = List.of(0L, 700L, 1_400L, 2_100L, 2_800L);

    enum Moment {
        /** Of a call whose worker has never spoken with this voice. */
        FIRST_WORD,
        /** The greeting was made while the phone rang; nothing else is known. */
        FIRST_ANSWER,
        MID_CALL
    }

    static Stream<Arguments> cells() {
        Stream<Fault> ears =
                Stream.of(Ear.values()).filter(ear -> ear != Ear.WELL).map(Fault::of);
        Stream<Fault> models = Stream.of(
                Fault.of(Model.FIRST_FAILS, Kind.CONNECT_FAILED),
                Fault.of(Model.ALL_FAIL, Kind.CONNECT_FAILED),
                Fault.of(Model.ALL_FAIL, Kind.RATE_LIMITED),
                Fault.of(Model.ALL_FAIL, Kind.SERVER_ERROR),
                Fault.of(Model.ALL_FAIL, Kind.PROTOCOL),
                Fault.of(Model.FIRST_HANGS, Kind.TIMEOUT),
                Fault.of(Model.ALL_HANG, Kind.TIMEOUT),
                Fault.of(Model.HALTS, Kind.TIMEOUT),
                Fault.of(Model.BREAKS_OFF, Kind.DROPPED));
        Stream<Fault> voices = Stream.of(Speech.values())
                .filter(socket -> socket != Speech.WELL)
                .flatMap(socket -> Stream.of(Speech.values()).map(http -> Fault.of(socket, http)));
        return Stream.of(ears, models, voices)
                .flatMap(all -> all)
                .flatMap(fault -> Stream.of(Moment.values()).map(moment -> Arguments.of(fault, moment)));
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("cells")
    void nobodyHearsThreeSecondsOfNothing(Fault fault, Moment moment) {
        for (long offset : moment == Moment.MID_CALL ? OFFSETS_MILLIS : List.of(0L)) {
            FaultyVendors faulty = new FaultyVendors();
            if (moment != Moment.MID_CALL) {
                faulty.begin(fault);
            }
            Caller caller = new Caller(
                    TestCall.with(faulty.vendors, known(moment)),
                    moment == Moment.MID_CALL ? 0 : VoicePatience.BEFORE_FIRST_LEG_MILLIS);
            if (moment == Moment.MID_CALL) {
                caller.live(WARM_MILLIS + offset);
                faulty.begin(fault);
            }
            caller.live(WATCHED_MILLIS);
            assertOutcome(fault, caller.call);
            assertThat(caller.longest)
                    .as("after %d ms: %s", offset, caller.call.heardByPhone() + caller.call.ended)
                    .isLessThanOrEqualTo(DEAD_AIR_MILLIS);
        }
    }

    /** What another connection, model or interface can mend goes on; what nothing can ends, as the vendor's fault. */
    private static void assertOutcome(Fault fault, TestCall call) {
        assertThat(call.ended.isEmpty()).as(call.heardByPhone()).isEqualTo(fault.canBeMended());
        if (!call.ended.isEmpty()) {
            ConverseResult result = call.run(2_000).result;
            assertThat(result).extracting(ConverseResult::vendorFault).isEqualTo(true);
        }
    }

    private static PhraseCache known(Moment moment) {
        PhraseCache phrases = new PhraseCache();
        if (moment == Moment.FIRST_ANSWER) {
            Opening opening = Opening.of(TestCall.brief(), "eleven_flash_v2_5");
            byte[] letters = opening.text().getBytes(StandardCharsets.US_ASCII);
            byte[] audio = new byte[letters.length * FakeVendors.CHARACTER_BYTES];
            int[] starts = new int[letters.length];
            int[] lengths = new int[letters.length];
            for (int i = 0; i < audio.length; i++) {
                audio[i] = letters[i / FakeVendors.CHARACTER_BYTES];
            }
            for (int i = 0; i < letters.length; i++) {
                starts[i] = i * FakeVendors.CHARACTER_BYTES / 8;
                lengths[i] = FakeVendors.CHARACTER_BYTES / 8;
            }
            phrases.putGreeting(
                    opening.voice(),
                    opening.text(),
                    new LonePhrase.Speech(audio, new TtsEvent.Alignment(opening.text(), starts, lengths)));
        }
        return phrases;
    }

    /** Guard: none is needed for the call, only for the account of what was heard, which is late. */
    @Test
    void marksThatComeLateOrNeverMakeNoSilence() {
        for (long lateMillis : List.of(2_000L, 100_000L)) {
            TestCall call = TestCall.with(new FaultyVendors().vendors);
            call.phone.onMark = name -> call.time.loop().after(lateMillis, () -> call.session.onMark(name));
            Caller caller = new Caller(call, VoicePatience.BEFORE_FIRST_LEG_MILLIS);
            caller.live(WATCHED_MILLIS);
            assertThat(caller.longest).as(call.heardByPhone()).isLessThanOrEqualTo(DEAD_AIR_MILLIS);
            assertThat(call.ended).isEmpty();
        }
    }

    /** Says something whenever the other side has ended a sentence, and measures how long neither is heard. */
    private static final class Caller {
        final TestCall call;
        long longest;
        private long silent;
        private long speaks;
        private boolean answered;

        Caller(TestCall call, long silentBefore) {
            this.call = call;
            this.silent = silentBefore;
        }

        void live(long millis) {
            for (long passed = 0; passed < millis && call.ended.isEmpty() && call.result == null; passed += 20) {
                int before = call.phone.playedBytes();
                if (speaks > 0) {
                    call.runNoisy(20);
                    speaks -= 20;
                } else {
                    call.run(20);
                }
                boolean heard = call.phone.playedBytes() > before;
                answered |= heard;
                silent = heard || speaks > 0 ? 0 : silent + 20;
                longest = Math.max(longest, silent);
                if (answered && silent >= CALLER_WAITS_MILLIS && sentenceIsOver()) {
                    answered = false;
                    speaks = CALLER_SPEAKS_MILLIS;
                }
            }
            if (!call.ended.isEmpty() && call.ended.getFirst().contains(" ")) {
                longest = Math.max(longest, silent + TELEPHONY_SAYS_AFTER_MILLIS);
            }
        }

        private boolean sentenceIsOver() {
            byte[] played = call.phone.played();
            int last = played.length - 1;
            while (last >= 0 && played[last] == ' ') {
                last--;
            }
            return last >= 0 && ".?!".indexOf(played[last]) >= 0;
        }
    }
}
