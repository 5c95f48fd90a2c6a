package ai.callmeback.voice.call;

import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import java.time.InstantSource;
import java.util.List;

/**
 * The world as one call sees it.
 *
 * @param sttEngines the one to use, then the one to fall back to
 * @param voices how personas speak, shared by all calls of the worker
 * @param leavesMessages what is done when a machine answers: a short message is left, or none
 * @param phrases what is said often, shared by all calls of the worker
 * @param handOvers where a call that moves leaves what is ready
 */
public record CallPorts(
        SpeechToText speechToText,
        List<SttOptions> sttEngines,
        LanguageModel languageModel,
        TextToSpeech textToSpeech,
        Voices voices,
        PhraseCache phrases,
        HandOvers handOvers,
        Telephony telephony,
        CallTools tools,
        boolean leavesMessages,
        CallReports reports,
        TurnMeter meter,
        InstantSource clock) {
    public CallPorts {
        sttEngines = List.copyOf(sttEngines);
    }
}
