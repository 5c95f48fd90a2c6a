package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.mind.Mind;
import ai.callmeback.voice.mind.ThoughtJudge;
import ai.callmeback.voice.mouth.MouthListener;
import java.util.function.Consumer;

/** Turns what the stages report into frames, and into journal lines where a vendor was asked for something. */
final class StageEvents {
    private final FrameQueue frames;
    private final CallJournal journal;

    StageEvents(FrameQueue frames, CallJournal journal) {
        this.frames = frames;
        this.journal = journal;
    }

    TurnTaker.Listener ofTurns(Runnable forceEndTurn) {
        return new TurnTaker.Listener() {
            @Override
            public void onUserTakesTurn() {
                frames.post(new Frame.UserTakesTurn());
            }

            @Override
            public void onPartial(String text) {
                frames.post(new Frame.UserPartial(text));
            }

            @Override
            public void onUserTurnEnded(String text, long atNanos, long quietMillis) {
                frames.post(new Frame.UserTurnEnded(text, atNanos, quietMillis));
            }

            @Override
            public void onUserProbablyDone(String text) {
                frames.post(new Frame.UserProbablyDone(text));
            }

            @Override
            public void onUserGoesOn() {
                frames.post(new Frame.UserGoesOn());
            }

            @Override
            public void onBackchannel(String text) {
                journal.add(CallJournal.Line.detail(
                        JournalKind.NOTE, 0, Detail.of("backchannel", text).json()));
            }

            @Override
            public void onForceEndTurn() {
                forceEndTurn.run();
            }
        };
    }

    Ears.Listener ofEars(TurnTaker turns) {
        return new Ears.Listener() {
            @Override
            public void onConnecting(SttOptions options, int attempt) {
                asked("deepgram", options.model(), 0, attempt);
            }

            @Override
            public void onSpeech(SttEvent event) {
                turns.onEvent(event);
            }

            @Override
            public void onReplaced(VendorFault fault, boolean heardAgain) {
                turns.reconnected(heardAgain);
                fault("replaced", fault);
            }

            @Override
            public void onWentBack() {
                turns.reconnected(false);
                journal.add(CallJournal.Line.detail(
                        JournalKind.NOTE, 0, Detail.of("wentBack", "deepgram").json()));
            }

            @Override
            public void onDeaf(VendorFault fault) {
                fault("lost", fault);
                frames.post(new Frame.VendorLost(fault));
            }
        };
    }

    ThoughtJudge.Listener ofThoughts(Consumer<LlmUsage> usage) {
        return new ThoughtJudge.Listener() {
            @Override
            public void onAsked() {
                asked("llm", "thought", 0, 0);
            }

            @Override
            public void onUsage(LlmUsage cost) {
                usage.accept(cost);
            }
        };
    }

    Mind.Listener ofMind() {
        return new Mind.Listener() {
            @Override
            public void onAsked(int turn) {
                asked("llm", "chat", turn, 0);
            }

            @Override
            public void onWords(int turn, String text) {
                frames.post(new Frame.Words(turn, text));
            }

            @Override
            public void onAnswered(int turn) {
                frames.post(new Frame.WordsEnd(turn));
            }

            @Override
            public void onEndCall(int turn) {
                frames.post(new Frame.EndCallAsked(turn));
            }

            @Override
            public void onToolAsked(int turn, LlmEvent.ToolCall call) {
                frames.post(new Frame.ToolAsked(turn, call));
            }

            @Override
            public void onLate(int turn) {
                frames.post(new Frame.ModelLate(turn));
            }

            @Override
            public void onFailed(int turn, VendorFault fault, boolean spoken) {
                fault("failed", fault);
                frames.post(new Frame.ModelFailed(turn, fault, spoken));
            }

            @Override
            public void onFellBack(VendorFault fault) {
                fault("fell_back", fault);
            }
        };
    }

    MouthListener ofMouth() {
        return new MouthListener() {
            @Override
            public void onConnecting(int attempt) {
                asked("elevenlabs", "speech", 0, attempt);
            }

            @Override
            public void onSpeech(int turn, TtsEvent.Audio piece, String guess) {
                frames.post(new Frame.Speech(turn, piece, guess));
            }

            @Override
            public void onSpoken(int turn, String rest) {
                frames.post(new Frame.SpeechEnd(turn, rest));
            }

            @Override
            public void onVoiceLate(int turn) {
                frames.post(new Frame.VoiceLate(turn));
            }

            @Override
            public void onReplaced(VendorFault fault) {
                fault("replaced", fault);
            }

            @Override
            public void onRefused(VendorFault fault) {
                fault("refused", fault);
            }

            @Override
            public void onMute(VendorFault fault) {
                fault("lost", fault);
                frames.post(new Frame.VendorLost(fault));
            }
        };
    }

    private void asked(String vendor, String operation, int turn, int attempt) {
        journal.add(CallJournal.Line.detail(
                JournalKind.VENDOR_REQUEST,
                turn,
                Detail.of("vendor", vendor)
                        .with("operation", operation)
                        .with("attempt", attempt == 0 ? null : attempt)
                        .json()));
    }

    private void fault(String what, VendorFault fault) {
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE,
                0,
                Detail.of("fault", what)
                        .with("vendor", fault.vendor())
                        .with("kind", fault.kind().name())
                        .with("code", fault.code().isEmpty() ? null : fault.code())
                        .json()));
    }
}
