package ai.callmeback.simulators.speech;

import static ai.callmeback.simulators.speech.SpeechCodec.FRAME_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpeechCodecTest {
    private static final String SENTENCE = "Hello Maria, your visit is at nine; shall I keep it?";

    @Provide
    Arbitrary<String> printable() {
        Arbitrary<Integer> codePoints = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(0x20, 0x7E)),
                net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(0xA0, 0x7FF)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0x800, 0xD7FF)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0xE000, 0x10FFFF)));
        return codePoints.list().ofMinSize(1).ofMaxSize(80).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    @Property(tries = 300)
    void whatIsSaidIsHeard(@ForAll("printable") String text) {
        Hearing hearing = SpeechCodec.decode(SpeechCodec.encode(text).audio());

        assertThat(hearing.text()).isEqualTo(text);
        assertThat(hearing.faults().none()).isTrue();
        assertThat(hearing.faults().noiseBytes()).isZero();
        assertThat(hearing.characters()).allMatch(Hearing.Heard::complete);
    }

    @Property(tries = 200)
    void piecesOfAnySizeAndOffsetDoNotMatter(
            @ForAll("printable") String text,
            @ForAll @IntRange(max = 700) int leadingSilence,
            @ForAll @IntRange(min = 1, max = 900) int piece) {
        byte[] audio = concat(quiet(leadingSilence), SpeechCodec.encode(text).audio(), quiet(333));
        Hearing hearing = new Hearing();
        SpeechDecoder decoder = new SpeechDecoder(hearing);
        for (int at = 0; at < audio.length; at += piece) {
            decoder.accept(audio, at, Math.min(piece, audio.length - at));
        }
        decoder.end();

        assertThat(hearing.text()).isEqualTo(text);
        assertThat(hearing.faults().none()).isTrue();
        assertThat(hearing.silentBytes()).isEqualTo(leadingSilence + 333L);
        assertThat(hearing.characters().getFirst().startByte()).isEqualTo(leadingSilence);
    }

    @Property(tries = 200)
    void alignmentIsWhereTheCharactersAre(@ForAll("printable") String text) {
        Speech speech = SpeechCodec.encode(text);
        var heard = SpeechCodec.decode(speech.audio()).characters();

        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i).startByte()).isEqualTo(speech.startMillis()[i] * 8L);
            assertThat(heard.get(i).endByte() - heard.get(i).startByte()).isEqualTo(speech.durationMillis()[i] * 8L);
        }
        assertThat(speech.lengthMillis()).isEqualTo(SpeechCodec.durationMillis(text));
    }

    @Property(tries = 200)
    void everyLostFrameIsCounted(
            @ForAll @IntRange(max = 120) int from, @ForAll @IntRange(min = 1, max = 40) int count) {
        byte[] audio = SpeechCodec.encode(SENTENCE).audio();
        int frames = audio.length / FRAME_BYTES;
        int to = Math.min(from + count, frames - 1);
        byte[] cut = concat(
                Arrays.copyOf(audio, from * FRAME_BYTES), Arrays.copyOfRange(audio, to * FRAME_BYTES, audio.length));

        assertThat(SpeechCodec.decode(cut).faults().lostFrames()).isEqualTo(to - from);
    }

    @Property(tries = 100)
    void everyRepeatedFrameIsCountedAndHeardOnce(@ForAll @IntRange(max = 150) int at) {
        byte[] audio = SpeechCodec.encode(SENTENCE).audio();
        int split = (at + 1) * FRAME_BYTES;
        byte[] again = concat(
                Arrays.copyOf(audio, split),
                Arrays.copyOfRange(audio, split - FRAME_BYTES, split),
                Arrays.copyOfRange(audio, split, audio.length));
        Hearing hearing = SpeechCodec.decode(again);

        assertThat(hearing.text()).isEqualTo(SENTENCE);
        assertThat(hearing.faults()).isEqualTo(new Hearing.Faults(0, 1, 0, 0, 0, 0));
    }

    @Property(tries = 100)
    void everySwapIsCounted(@ForAll @IntRange(min = 1, max = 150) int at) {
        byte[] audio = SpeechCodec.encode(SENTENCE).audio();
        byte[] swapped = audio.clone();
        System.arraycopy(audio, at * FRAME_BYTES, swapped, (at + 1) * FRAME_BYTES, FRAME_BYTES);
        System.arraycopy(audio, (at + 1) * FRAME_BYTES, swapped, at * FRAME_BYTES, FRAME_BYTES);
        Hearing hearing = SpeechCodec.decode(swapped);

        assertThat(hearing.text()).isEqualTo(SENTENCE);
        assertThat(hearing.faults()).isEqualTo(new Hearing.Faults(0, 0, 1, 0, 0, 0));
    }

    @Property(tries = 100)
    void aPlayerThatRunsDryIsNoticed(
            @ForAll @IntRange(min = 1, max = 150) int at, @ForAll @IntRange(min = 1, max = 4000) int pauseBytes) {
        byte[] audio = SpeechCodec.encode(SENTENCE).audio();
        Hearing hearing = SpeechCodec.decode(concat(
                Arrays.copyOf(audio, at * FRAME_BYTES),
                quiet(pauseBytes),
                Arrays.copyOfRange(audio, at * FRAME_BYTES, audio.length)));

        assertThat(hearing.text()).isEqualTo(SENTENCE);
        assertThat(hearing.faults()).isEqualTo(new Hearing.Faults(0, 0, 0, 1, pauseBytes, 0));
    }

    @Property(tries = 100)
    void aStreamJoinedMidwayIsReadFromTheNextFrame(@ForAll @IntRange(min = 1, max = 12_000) int skippedBytes) {
        byte[] audio = SpeechCodec.encode(SENTENCE).audio();
        Hearing hearing = SpeechCodec.decode(Arrays.copyOfRange(audio, skippedBytes, audio.length));

        assertThat(SENTENCE).endsWith(hearing.text());
        assertThat(hearing.faults().noiseBytes() + hearing.silentBytes())
                .isEqualTo(Math.floorMod(-skippedBytes, FRAME_BYTES));
        assertThat(hearing.faults().lostFrames()).isPositive();
    }

    @Property(tries = 50)
    void aCutAtAnyByteIsFollowedByCorrectReading(@ForAll @IntRange(min = 1, max = 12_000) int cutBytes) {
        byte[] first = SpeechCodec.encode(SENTENCE).audio();
        Hearing hearing = SpeechCodec.decode(concat(
                Arrays.copyOf(first, cutBytes),
                SpeechCodec.encode("And now this.").audio()));

        assertThat(hearing.text()).endsWith("And now this.");
        assertThat(SENTENCE)
                .startsWith(hearing.text().substring(0, hearing.text().length() - "And now this.".length()));
    }

    @Property(tries = 30)
    void noiseIsEnergyWithoutWords(@ForAll long seed, @ForAll @IntRange(min = -40, max = -10) int levelDb) {
        byte[] noise = MuLaw.noise(100, levelDb, new Random(seed));
        Hearing hearing = SpeechCodec.decode(noise);

        assertThat(hearing.text()).isEmpty();
        assertThat(MuLaw.levelDb(noise, 0, noise.length)).isBetween(levelDb - 2.0, levelDb + 2.0);
        if (levelDb >= -30) {
            assertThat(hearing.faults().noiseBytes()).isGreaterThan(noise.length * 9L / 10);
        }
    }

    @Property(tries = 30)
    void softNoiseAndGainDoNotHideTheWords(@ForAll long seed, @ForAll @IntRange(min = 40, max = 250) int percent) {
        byte[] audio = MuLaw.gain(SpeechCodec.encode(SENTENCE).audio(), percent / 100.0);
        byte[] noise = MuLaw.noise(audio.length / FRAME_BYTES, -45, new Random(seed));

        assertThat(SpeechCodec.decode(MuLaw.mix(audio, noise)).text()).isEqualTo(SENTENCE);
    }

    @Test
    void loudNoiseHidesTheWordsUnderIt() {
        Speech speech = SpeechCodec.encode("one two three");
        byte[] burst = MuLaw.noise(14, -8, new Random(7));
        byte[] audio = speech.audio().clone();
        byte[] covered = MuLaw.mix(Arrays.copyOfRange(audio, 13 * FRAME_BYTES, 27 * FRAME_BYTES), burst);
        System.arraycopy(covered, 0, audio, 13 * FRAME_BYTES, covered.length);
        Hearing hearing = SpeechCodec.decode(audio);

        assertThat(hearing.text()).startsWith("one").endsWith("three").doesNotContain("two");
        assertThat(hearing.faults().lostFrames()).isPositive();
        assertThat(hearing.faults().noiseBytes()).isPositive();
    }

    @Test
    void soundsLikeAVoiceToAnEnergyDetectorAndTakesAPersonsTime() {
        Speech speech = SpeechCodec.encode(SENTENCE);
        for (int at = 0; at < speech.audio().length; at += FRAME_BYTES) {
            assertThat(MuLaw.levelDb(speech.audio(), at, FRAME_BYTES)).isBetween(-24.0, -16.0);
        }
        assertThat(SENTENCE.length() * 1000.0 / speech.lengthMillis()).isBetween(14.0, 17.0);
    }

    @Test
    void twoUtterancesInARowAreTwo() {
        Hearing hearing = SpeechCodec.decode(concat(
                SpeechCodec.encode("One.").audio(), SpeechCodec.encode("Two.").audio()));

        assertThat(hearing.text()).isEqualTo("One.Two.");
        assertThat(hearing.faults().none()).isTrue();
    }

    @Test
    void anUtteranceInPiecesIsOne() {
        SpeechEncoder encoder = new SpeechEncoder();
        Hearing hearing = SpeechCodec.decode(concat(
                encoder.encode("A long ").audio(),
                quiet(1600),
                encoder.encode("way home, ").audio()));

        assertThat(hearing.text()).isEqualTo("A long way home, ");
        assertThat(hearing.faults().underruns()).isEqualTo(1);
    }

    @Test
    void controlCharactersAreSaidAsSpaces() {
        assertThat(SpeechCodec.decode(SpeechCodec.encode("a\nb\ud800").audio()).text())
                .isEqualTo("a b\ufffd");
    }

    @Test
    void codesMuLawAsG711Does() {
        int[][] samplesAndBytes = {
            {0, 0xFF}, {8, 0xFE}, {-8, 0x7E}, {100, 0xF2}, {1000, 0xCE}, {8031, 0xA0}, {32767, 0x80}, {-32768, 0}
        };
        for (int[] pair : samplesAndBytes) {
            assertThat(MuLaw.encode(pair[0]) & 0xFF).isEqualTo(pair[1]);
        }
        assertThat(MuLaw.decode((byte) 0xD5)).isEqualTo(716);
        assertThat(MuLaw.decode((byte) 0x00)).isEqualTo(-32124);
    }

    private static byte[] quiet(int bytes) {
        byte[] audio = new byte[bytes];
        Arrays.fill(audio, MuLaw.SILENCE);
        return audio;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
