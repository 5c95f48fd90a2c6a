package ai.callmeback.dev.eval.turns;

import ai.callmeback.dev.eval.turns.Scenario.Moment;
import ai.callmeback.dev.eval.turns.Scenario.Piece;
import ai.callmeback.dev.eval.turns.Scenario.UserTurn;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.simulators.twilio.OfflineLine;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.voice.call.CallJournal;
import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.call.MediaStream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One whole call of an evaluation in virtual time: the product's own call session between the simulators' ears and the
 * simulators' phone, and a caller who follows the scenario by what the phone plays.
 */
final class EvalCall implements MediaStream {
    private static final int FRAME_BYTES = 160;
    private static final long DEAD_AIR_MILLIS = 2000;
    private static final long GIVE_UP_MILLIS = 20_000;
    private static final long AFTERMATH_MILLIS = 9000;
    private static final long STOP_WITHIN_MILLIS = 3000;
    /** A shorter silence of the persona is a pause of hers, not the end. */
    private static final long PERSONA_PAUSE_MILLIS = 200;

    private static final long EXPECTING_MORE_MILLIS = 1500;

    /** What one call showed. */
    record Outcome(
            int answeredTurns,
            List<Long> bargeInStopMillis,
            int heardTextWordErrors,
            int deadAir,
            int backchannelsTaken) {}

    private final Scenario scenario;
    private final VirtualLoop time = new VirtualLoop();
    private final PhoneRecord record = new PhoneRecord();
    private final OfflineLine line = new OfflineLine(record);
    private final List<CallJournal.Line> journal = new ArrayList<>();
    private final List<Long> bargeInStops = new ArrayList<>();
    private final byte[] silence = new byte[FRAME_BYTES];
    private final CallSession session;
    private byte[] speaking = new byte[0];
    private int spoken;
    private long spokeUntilMillis;
    private int nextTurn;
    private long personaSinceMillis = -1;
    private long quietSinceMillis;
    private boolean personaSpokeSince;
    private long owedSinceMillis;
    private long onsetMillis = -1;
    private int deadAir;
    private boolean closed;

    private EvalCall(Scenario scenario) {
        this.scenario = scenario;
        Arrays.fill(silence, (byte) 0xFF);
        this.session = new CallSession(
                time.loop(),
                this,
                EvalWorld.setup(),
                EvalWorld.ports(
                        new EvalEars(scenario.seed(), time::millis),
                        new EvalMind(scenario.seed()),
                        new EvalVoice(scenario.seed(), time::millis),
                        List.of(SttOptions.flux(), SttOptions.nova())),
                journal::add);
    }

    static Outcome run(Scenario scenario) {
        return new EvalCall(scenario).talk();
    }

    private Outcome talk() {
        session.start();
        owedSinceMillis = time.millis();
        long doneMillis = -1;
        while (!closed && !isStuck() && (doneMillis < 0 || time.millis() < doneMillis + AFTERMATH_MILLIS)) {
            frame();
            if (doneMillis < 0 && nextTurn == scenario.turns().size() && silent()) {
                doneMillis = time.millis();
            }
        }
        session.onStop();
        time.settle();
        line.end();
        time.close();
        return new Outcome(
                (int) scenario.turns().stream().filter(UserTurn::answered).count(),
                bargeInStops,
                record.wordErrors(journal),
                deadAir,
                backchannelsTaken());
    }

    /** Backchannels that became turns of the conversation. */
    private int backchannelsTaken() {
        int taken = 0;
        for (UserTurn turn : scenario.turns()) {
            for (Piece piece : turn.pieces()) {
                if (!turn.answered() && piece instanceof Piece.Words words) {
                    taken += (int) journal.stream()
                            .filter(said -> said.kind() == JournalKind.USER_SAID
                                    && said.text().equals(words.text()))
                            .count();
                }
            }
        }
        return taken;
    }

    /** The caller waits for something that does not come. */
    private boolean isStuck() {
        long pause = nextTurn < scenario.turns().size()
                ? scenario.turns().get(nextTurn).millis()
                : 0;
        return silent() && time.millis() - Math.max(quietSinceMillis, spokeUntilMillis) > GIVE_UP_MILLIS + pause;
    }

    private void frame() {
        time.passFrame();
        line.tick();
        echo();
        watchPersona();
        if (silent()
                && nextTurn < scenario.turns().size()
                && isTime(scenario.turns().get(nextTurn))) {
            begin(scenario.turns().get(nextTurn++));
        }
        byte[] out = silence;
        if (!silent()) {
            out = Arrays.copyOfRange(speaking, spoken, spoken + FRAME_BYTES);
            spoken += FRAME_BYTES;
            spokeUntilMillis = time.millis();
        }
        session.onMedia(time.millis(), out, FRAME_BYTES);
        time.settle();
        echo();
    }

    private void echo() {
        for (String mark : line.echoes()) {
            record.markReached(mark);
            session.onMark(mark);
        }
    }

    private boolean silent() {
        return spoken >= speaking.length;
    }

    private void watchPersona() {
        long now = time.millis();
        if (line.sounding()) {
            personaSinceMillis = personaSinceMillis < 0 ? now : personaSinceMillis;
            quietSinceMillis = now;
            personaSpokeSince = true;
            owedSinceMillis = -1;
        } else if (now - quietSinceMillis > PERSONA_PAUSE_MILLIS) {
            personaSinceMillis = -1;
        }
        if (onsetMillis >= 0 && now - onsetMillis >= STOP_WITHIN_MILLIS) {
            // Who has talked on all the while was never stopped: that counts as the longest.
            if (personaSinceMillis >= 0 && personaSinceMillis <= onsetMillis) {
                bargeInStops.add(STOP_WITHIN_MILLIS);
            }
            onsetMillis = -1;
        }
        if (owedSinceMillis >= 0 && now - owedSinceMillis > DEAD_AIR_MILLIS && silent()) {
            deadAir++;
            owedSinceMillis = -1;
        }
    }

    /** Who only said "mhm", or coughed, waits for the persona to go on. */
    private long patienceMillis() {
        boolean heldTheFloor =
                nextTurn == 0 || scenario.turns().get(nextTurn - 1).answered();
        return heldTheFloor ? PERSONA_PAUSE_MILLIS : EXPECTING_MORE_MILLIS;
    }

    private boolean isTime(UserTurn turn) {
        long now = time.millis();
        return switch (turn.moment()) {
            case AFTER ->
                personaSpokeSince
                        && !line.sounding()
                        && now - quietSinceMillis >= Math.max(turn.millis(), patienceMillis());
            case OVER -> line.sounding() && personaSpokeSince && now - personaSinceMillis >= turn.millis();
        };
    }

    private void begin(UserTurn turn) {
        CallerAudio audio = CallerAudio.of(turn, scenario.seed());
        speaking = audio.audio();
        spoken = 0;
        if (turn.answered()) {
            personaSpokeSince = false;
            owedSinceMillis = time.millis() + audio.lastWordMillis();
            if (turn.moment() == Moment.OVER) {
                onsetMillis = time.millis() + audio.firstWordMillis();
            }
        }
    }

    // ---- the stream, as the session sees it ------------------------------------------------------------------------

    @Override
    public void media(byte[] mulaw, int offset, int length) {
        line.media(Arrays.copyOfRange(mulaw, offset, offset + length));
    }

    @Override
    public void mark(String name) {
        line.mark(name);
    }

    @Override
    public void clear() {
        line.clear();
        long sinceOnset = time.millis() - onsetMillis;
        if (onsetMillis >= 0 && sinceOnset >= 0) {
            bargeInStops.add(sinceOnset);
            onsetMillis = -1;
        }
    }

    @Override
    public void flush() {}

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void close(String reason) {
        closed = true;
    }
}
