package ai.callmeback.dev.eval.turns;

import ai.callmeback.dev.eval.turns.Scenario.UserTurn;
import ai.callmeback.simulators.deepgram.OfflineFlux;
import ai.callmeback.voice.ears.Thoughts;
import ai.callmeback.voice.ears.TurnTaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One turn of the caller, heard alone: when does the turn taker say that it is over, and does it say so too early? */
final class EndpointTrial {
    private static final int CHUNK_BYTES = 640;
    private static final int FRAME_BYTES = 160;
    private static final long PATIENCE_MILLIS = 7000;

    /** The two thresholds of the vendor that trade speed for certainty. */
    record Setting(double end, double eager) {}

    /** @param latencyMillis from the last word's end to the end of the turn; negative would be a cut-off and is none here */
    record Outcome(boolean cutOff, long latencyMillis) {}

    private final List<Long> ends = new ArrayList<>();

    private EndpointTrial() {}

    static Outcome run(UserTurn turn, Setting setting, long seed) {
        return new EndpointTrial().hear(CallerAudio.of(turn, seed), setting, seed);
    }

    private Outcome hear(CallerAudio caller, Setting setting, long seed) {
        try (VirtualLoop time = new VirtualLoop()) {
            OfflineFlux[] model = new OfflineFlux[1];
            TurnTaker turns =
                    new TurnTaker(time.loop(), new Ends(time, () -> model[0].forceEndTurn()), Thoughts.none());
            long[] lastDue = new long[1];
            model[0] = new OfflineFlux(
                    setting.end(),
                    setting.eager(),
                    new Random(seed),
                    (event, index, transcript, confidence, audioMillis, delay) -> {
                        lastDue[0] = Math.max(lastDue[0], time.millis() + delay);
                        var unused = time.loop()
                                .eventLoop()
                                .schedule(
                                        () -> turns.onEvent(
                                                EvalEars.event(event, index, transcript, confidence, audioMillis)),
                                        lastDue[0] - time.millis(),
                                        TimeUnit.MILLISECONDS);
                    });
            feed(caller, model[0], time);
        }
        long early = ends.stream().filter(end -> end < caller.lastWordMillis()).count();
        long last = ends.isEmpty() ? PATIENCE_MILLIS : ends.getLast() - caller.lastWordMillis();
        return new Outcome(early > 0, Math.max(0, last));
    }

    private void feed(CallerAudio caller, OfflineFlux model, VirtualLoop time) {
        byte[] silence = new byte[CHUNK_BYTES];
        Arrays.fill(silence, (byte) 0xFF);
        byte[] audio = caller.audio();
        long until = caller.lastWordMillis() + PATIENCE_MILLIS;
        while (time.millis() < until && (ends.isEmpty() || ends.getLast() < caller.lastWordMillis())) {
            for (int frames = 0; frames < CHUNK_BYTES / FRAME_BYTES; frames++) {
                time.passFrame();
            }
            int at = (int) (time.millis() * 8) - CHUNK_BYTES;
            byte[] chunk = silence.clone();
            if (at < audio.length) {
                System.arraycopy(audio, at, chunk, 0, Math.min(CHUNK_BYTES, audio.length - at));
            }
            model.accept(chunk);
        }
    }

    private final class Ends implements TurnTaker.Listener {
        private final VirtualLoop time;
        private final Runnable forceEndTurn;

        Ends(VirtualLoop time, Runnable forceEndTurn) {
            this.time = time;
            this.forceEndTurn = forceEndTurn;
        }

        @Override
        public void onUserTakesTurn() {}

        @Override
        public void onPartial(String text) {}

        @Override
        public void onUserTurnEnded(String text, long atNanos, long quietMillis) {
            ends.add(time.millis());
        }

        @Override
        public void onUserProbablyDone(String text) {}

        @Override
        public void onUserGoesOn() {}

        @Override
        public void onBackchannel(String text) {}

        @Override
        public void onForceEndTurn() {
            forceEndTurn.run();
        }
    }
}
