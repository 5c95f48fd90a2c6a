package ai.callmeback.dev.eval.turns;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.ListOutcome;
import ai.callmeback.vendors.telephony.PlaceCall;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.voice.call.CallPorts;
import ai.callmeback.voice.call.CallReports;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.CallTools;
import ai.callmeback.voice.call.HandOvers;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Everything around a call that an evaluation does not look at. */
final class EvalWorld {
    private static final CallId CALL = new CallId(new UUID(0, 1));
    private static final int SECONDS = 900;

    private EvalWorld() {}

    static CallSetup setup() {
        Brief brief = new Brief(
                CALL,
                1,
                new Brief.Voice("eval", "Eval", "pNInz6obpgDQGcFmaJgB", "{}", ""),
                new Brief.Mind("You are a good listener.", new BigDecimal("0.7"), 200, ""),
                "Hello, this is your call back. How are you today, and what is on your mind?",
                "",
                "Goodbye, take care.",
                "Our time is almost up.",
                "Sorry, could you say that again?",
                List.of("Hm, let me think."),
                List.of("Are you still there?"),
                SECONDS,
                "",
                Instant.EPOCH);
        return new CallSetup(CALL, 1, 1, "CA1", brief, List.of(), List.of(), 0, false, null, SECONDS, 0);
    }

    static CallPorts ports(SpeechToText ears, LanguageModel mind, TextToSpeech voice, List<SttOptions> engines) {
        return new CallPorts(
                ears,
                engines,
                mind,
                voice,
                new Voices("eval", "eval", System::nanoTime),
                new PhraseCache(),
                HandOvers.none(),
                new NoPhoneNetwork(),
                CallTools.none(),
                false,
                CallReports.none(),
                TurnMeter.none(),
                InstantSource.fixed(Instant.EPOCH));
    }

    /** Calls can be ended, nothing else. */
    private static final class NoPhoneNetwork implements Telephony {
        @Override
        public CompletableFuture<UpdateOutcome> endCall(String callSid) {
            return CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded());
        }

        @Override
        public CompletableFuture<DialOutcome> createCall(PlaceCall call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<UpdateOutcome> redirect(String callSid, URI url) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<FetchOutcome> fetch(String callSid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ListOutcome> list(String toE164, Instant since) {
            throw new UnsupportedOperationException();
        }
    }
}
