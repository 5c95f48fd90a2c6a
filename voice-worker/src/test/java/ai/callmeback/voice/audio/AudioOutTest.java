package ai.callmeback.voice.audio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.voice.call.VirtualTime;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AudioOutTest {
    private record Settled(int turn, long position, boolean complete) {}

    private static final long MUCH_LATER = 10_000_000;

    private VirtualTime time = new VirtualTime();
    private FakePhone phone = new FakePhone();
    private final List<Settled> settled = new ArrayList<>();
    private final List<Long> heard = new ArrayList<>();
    private AudioOut out = freshOut();

    private AudioOut freshOut() {
        AudioOut fresh = new AudioOut(time.loop(), phone, new AudioOutListener() {
            @Override
            public void onFirstAudio(int turn) {}

            @Override
            public void onHeardUpTo(int turn, long positionMillis) {
                heard.add(positionMillis);
            }

            @Override
            public void onSettled(int turn, long positionMillis, boolean complete) {
                settled.add(new Settled(turn, positionMillis, complete));
            }
        });
        phone.onMark = fresh::onMark;
        return fresh;
    }

    @Test
    void playsAllOfATurnInOrderWithoutAGapAndKnowsWhenItWasHeard() {
        byte[] speech = noise(16_000, 1);
        out.begin(1);
        out.audio(1, Unpooled.copiedBuffer(speech));
        out.finish(1);
        run(2100);
        assertThat(phone.played()).isEqualTo(speech);
        assertThat(settled).containsExactly(new Settled(1, 2000, true));
        assertThat(heard).isSorted().contains(200L, 400L, 1000L, 1800L);
        assertThat(out.lateFrames()).isZero();
    }

    @Test
    void keepsThePhoneBetween200And400MillisecondsAhead() {
        out.begin(1);
        out.audio(1, Unpooled.wrappedBuffer(noise(40_000, 1)));
        int sentBefore = 0;
        for (int i = 0; i < 200; i++) {
            run(20);
            long lead = Telephone.millis(40_000 - phone.playedBytes()) - out.waitingMillis();
            assertThat(lead).isBetween(200L, 400L);
            sentBefore++;
        }
        assertThat(sentBefore).isEqualTo(200);
    }

    @Test
    void aTurnThatIsCutBeforeAnySoundWasNeverHeard() {
        out.begin(1);
        out.cut();
        assertThat(settled).containsExactly(new Settled(1, 0, false));
        assertThat(phone.clears()).isZero();
    }

    @Test
    void aPhoneThatNeverEchoesSettlesAllTheSame() {
        phone.onMark = name -> {};
        out.begin(1);
        out.audio(1, Unpooled.wrappedBuffer(noise(8000, 1)));
        out.finish(1);
        run(6000);
        assertThat(settled).containsExactly(new Settled(1, 1000, true));
        out.begin(2);
        out.audio(2, Unpooled.wrappedBuffer(noise(8000, 1)));
        run(500);
        out.cut();
        run(2100);
        assertThat(settled).hasSize(2).last().extracting(Settled::complete).isEqualTo(false);
    }

    @Test
    void audioBeyondTheBoundIsDroppedAndCounted() {
        out.begin(1);
        out.audio(1, Unpooled.wrappedBuffer(new byte[AudioOut.MOST_WAITING_BYTES + 10_000]));
        assertThat(out.droppedBytes()).isPositive();
        assertThat(out.waitingMillis()).isLessThanOrEqualTo(Telephone.millis(AudioOut.MOST_WAITING_BYTES));
    }

    @Test
    void aPauseOfOursThatRunsThePhoneDryIsALateFrame() {
        out.begin(1);
        out.audio(1, Unpooled.wrappedBuffer(noise(16_000, 1)));
        time.stall(1000);
        assertThat(out.lateFrames()).isEqualTo(1);
        assertThat(out.lateMillis()).isBetween(500L, 800L);
    }

    /**
     * I8: whatever the moment of the interruption and however the speech came in, the position we believe was heard is the
     * one at which the phone stopped. Guard: the judgement of echoes in {@link HeardTracker}.
     */
    @Property(tries = 400)
    void theHeardPositionIsWhereThePhoneStopped(@ForAll long seed) {
        assertThat(wronglyHeard(seed, true)).isEmpty();
    }

    /**
     * The guard removed: told by its clock that anything may have been played by now, the tracker takes the echoes of a
     * clear for echoes of playback.
     */
    @Test
    void i8WithoutTheJudgementOfEchoesWhatWasNeverPlayedCountsAsHeard() {
        List<String> wrong = new ArrayList<>();
        for (long seed = 0; seed < 50; seed++) {
            wrong.addAll(wronglyHeard(seed, false));
        }
        assertThat(wrong).hasSizeGreaterThan(20);
    }

    /** Speaks up to three turns, interrupts them anywhere; the turns whose heard position is not the phone's. */
    private List<String> wronglyHeard(long seed, boolean echoesAreJudged) {
        Random random = new Random(seed);
        time = new VirtualTime();
        phone = new FakePhone();
        out = freshOut();
        List<String> wrong = new ArrayList<>();
        int turns = 1 + random.nextInt(3);
        int playedBefore = 0;
        for (int turn = 1; turn <= turns; turn++) {
            boolean cut = speakAndInterrupt(turn, random);
            int really = phone.playedBytes() - playedBefore;
            deliver(echoesAreJudged);
            playedBefore = phone.playedBytes();
            Settled last = settled.getLast();
            assertThat(last.turn()).isEqualTo(turn);
            assertThat(last.complete()).isEqualTo(!cut);
            if (Math.abs(last.position() - Telephone.millis(really)) > 20) {
                wrong.add("turn " + turn + ": heard " + Telephone.millis(really) + " ms, believed " + last.position());
            }
            run(200);
        }
        return wrong;
    }

    /** Whether the turn was still being spoken when it was cut. */
    private boolean speakAndInterrupt(int turn, Random random) {
        out.begin(turn);
        byte[] speech = noise(4000 + random.nextInt(40_000), turn);
        int given = 0;
        long cutAt = random.nextInt(6000);
        boolean finished = false;
        for (long now = 0; now < cutAt && out.isSpeaking(turn); now += 20) {
            if (given < speech.length && random.nextInt(4) > 0) {
                int length = Math.min(speech.length - given, 1 + random.nextInt(3000));
                if (random.nextInt(3) == 0) {
                    out.clauseEnds(turn, given + length);
                }
                out.audio(turn, Unpooled.copiedBuffer(Arrays.copyOfRange(speech, given, given + length)));
                given += length;
            }
            if (given == speech.length && !finished) {
                finished = true;
                out.finish(turn);
            }
            run(20);
        }
        boolean speaking = out.isSpeaking(turn);
        out.cut();
        return speaking;
    }

    /** The echoes of the clear, and the sentinel behind them, which the phone's own clock judges in any case. */
    private void deliver(boolean echoesAreJudged) {
        phone.onMark = name -> {
            boolean sentinel = name.startsWith("c");
            out.twilioClock(sentinel || echoesAreJudged ? phone.clockMillis() : MUCH_LATER);
            out.onMark(name);
        };
        phone.deliver();
        phone.onMark = out::onMark;
    }

    private void run(long millis) {
        for (long i = 0; i < millis; i += 20) {
            time.pass(20);
            phone.tick();
            out.twilioClock(phone.clockMillis());
        }
    }

    private static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
